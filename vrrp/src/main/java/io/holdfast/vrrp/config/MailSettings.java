package io.holdfast.vrrp.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How mails are sent.
 *
 * @param to {@code notification_email}
 * @param from empty: {@code keepalived@HOST}
 * @param server empty: none, so no mails
 * @param heloName empty: this host's name
 * @param faults false: no mails about FAULT ({@code no_email_faults})
 */
public record MailSettings(
        List<String> to,
        Optional<String> from,
        Optional<String> server,
        int port,
        Duration connectTimeout,
        Optional<String> heloName,
        boolean faults) {
    public static final int SMTP_PORT = 25;
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    public MailSettings {
        to = List.copyOf(to);
    }
}
