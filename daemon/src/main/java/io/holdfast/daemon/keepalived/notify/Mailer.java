package io.holdfast.daemon.keepalived.notify;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.vrrp.config.MailSettings;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Sends mails one after the other, without anybody waiting; those that cannot be sent are told. */
final class Mailer implements AutoCloseable {
    /** More than these wait only when the server is gone, and then nobody wants them all. */
    private static final int MOST_WAITING = 100;

    private record Letter(MailSettings settings, Mail mail) {}

    private final BlockingQueue<Letter> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private @Nullable Thread sender;

    synchronized void send(MailSettings settings, Mail mail) {
        if (sender == null) {
            sender = Thread.ofVirtual().name("mail").start(this::sendForEver);
        }
        if (!waiting.offer(new Letter(settings, mail))) {
            ProcessLog.warning(MOST_WAITING + " mails wait already; not sent: " + mail.subject());
        }
    }

    private void sendForEver() {
        try {
            while (true) {
                Letter letter = waiting.take();
                try {
                    SmtpClient.send(letter.settings(), letter.mail());
                } catch (IOException e) {
                    ProcessLog.warning(
                            "mail \"" + letter.mail().subject() + "\" not sent: " + e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    @Override
    public synchronized void close() {
        if (sender != null) {
            sender.interrupt();
        }
    }
}
