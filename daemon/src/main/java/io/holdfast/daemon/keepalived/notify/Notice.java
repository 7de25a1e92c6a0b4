package io.holdfast.daemon.keepalived.notify;

import io.holdfast.vrrp.config.ScriptCommand;
import java.util.List;
import java.util.Optional;

/**
 * What one event means to others.
 *
 * @param subject whose scripts run one after the other: {@code INSTANCE VI_1}
 * @param scripts in the order in which they run, arguments complete
 * @param fifoLine without its end; empty: the pipes hear nothing
 */
record Notice(
        String subject,
        List<ScriptCommand> scripts,
        Optional<String> fifoLine,
        Optional<Mail> mail) {
    Notice {
        scripts = List.copyOf(scripts);
    }
}
