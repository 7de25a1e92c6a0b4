package io.holdfast.vrrp.config;

import java.util.Optional;

/**
 * Whom to tell of an instance's or a sync group's changes.
 *
 * @param any {@code notify}: after the others, with four arguments more
 * @param masterHearsLower {@code notify_master_rx_lower_pri}
 * @param tellsDeletion {@code notify_deleted}: DELETED instead of FAULT when a reload removes it
 * @param priorityChanges lines for changes of priority in the FIFOs
 * @param mail {@code smtp_alert}
 */
public record NotifySettings(
        Optional<ScriptCommand> master,
        Optional<ScriptCommand> backup,
        Optional<ScriptCommand> fault,
        Optional<ScriptCommand> stop,
        Optional<ScriptCommand> deleted,
        Optional<ScriptCommand> any,
        Optional<ScriptCommand> masterHearsLower,
        boolean tellsDeletion,
        boolean priorityChanges,
        boolean mail) {
    public static final NotifySettings NONE =
            new NotifySettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    false,
                    false);
}
