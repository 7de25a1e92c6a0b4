package io.holdfast.vrrp.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One {@code vrrp_script}: a program run again and again; exit code 0 is success.
 *
 * @param command program and arguments
 * @param timeout after which it is ended and counts as failed
 * @param rise this many successes in a row make it up
 * @param fall this many failures in a row make it down
 * @param user whom it runs as, {@code user[:group]}; empty: the configured default
 * @param initiallyDown {@code init_fail}
 */
public record ScriptSettings(
        String name,
        List<String> command,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        Optional<String> user,
        boolean initiallyDown) {
    public ScriptSettings {
        command = List.copyOf(command);
    }
}
