package io.holdfast.daemon.keepalived.notify;

import io.holdfast.vrrp.config.MailSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Hands one mail to a server (RFC 5321, without extensions, as Keepalived does). A mail library
 * would be larger than this process's whole memory allows for.
 */
final class SmtpClient {
    private static final int LONGEST_REPLY_LINE = 1000;
    private static final int MOST_REPLY_LINES = 100;
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final BufferedReader in;
    private final Writer out;

    private SmtpClient(BufferedReader in, Writer out) {
        this.in = in;
        this.out = out;
    }

    static void send(MailSettings settings, Mail mail) throws IOException {
        String server = settings.server().orElseThrow(() -> new IOException("no smtp_server"));
        int timeoutMillis = (int) Math.min(settings.connectTimeout().toMillis(), 600_000);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server, settings.port()), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            SmtpClient client =
                    new SmtpClient(
                            new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.US_ASCII)),
                            new OutputStreamWriter(
                                    socket.getOutputStream(), StandardCharsets.UTF_8));
            client.converse(settings, mail);
        }
    }

    private void converse(MailSettings settings, Mail mail) throws IOException {
        String host = Files.readString(HOST_NAME).strip();
        String from = settings.from().orElse("keepalived@" + host);
        expect(2);
        command("HELO " + settings.heloName().orElse(host), 2);
        command("MAIL FROM:<" + plain(from) + ">", 2);
        for (String to : settings.to()) {
            command("RCPT TO:<" + plain(to) + ">", 2);
        }
        command("DATA", 3);
        command(message(settings.to(), from, mail), 2);
        command("QUIT", 2);
    }

    private static String message(List<String> to, String from, Mail mail) {
        String date =
                ZonedDateTime.now(ZoneId.systemDefault())
                        .format(DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT));
        // A line of a dot alone would end the message (RFC 5321 4.5.2).
        String body = mail.body().replaceAll("(?m)^\\.", "..").replace("\n", "\r\n");
        return "Date: "
                + date
                + "\r\nFrom: "
                + plain(from)
                + "\r\nTo: "
                + String.join(", ", to.stream().map(SmtpClient::plain).toList())
                + "\r\nSubject: "
                + plain(mail.subject())
                + "\r\nX-Mailer: Holdfast\r\n\r\n"
                + body
                + "\r\n.";
    }

    // What is configured must not become commands.
    private static String plain(String text) {
        return text.replaceAll("[\\r\\n<>]", " ");
    }

    private void command(String line, int hundreds) throws IOException {
        out.write(line + "\r\n");
        out.flush();
        expect(hundreds);
    }

    // 250-first, 250-second, 250 last.
    private void expect(int hundreds) throws IOException {
        String line;
        int lines = 0;
        do {
            line = in.readLine();
            if (line == null || line.length() > LONGEST_REPLY_LINE || ++lines > MOST_REPLY_LINES) {
                throw new IOException("the server does not speak SMTP");
            }
        } while (line.length() > 3 && line.charAt(3) == '-');
        if (line.isEmpty() || line.charAt(0) != '0' + hundreds) {
            throw new IOException("the server answered: " + line);
        }
    }
}
