package io.holdfast.vrrp.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What concerns the process, people and scripts rather than the protocol.
 *
 * @param routerId in mails' subjects
 * @param scriptUser {@code script_user}; empty: {@code keepalived_script} where it exists, else the
 *     daemon's own
 * @param scriptSecurity scripts of root that others may change are not run
 * @param allFifo {@code notify_fifo}
 * @param vrrpFifo {@code vrrp_notify_fifo}
 * @param fifoStatesOnReload states are written to the FIFOs after a reload
 * @param realtimePriority 1 to 99
 * @param nice −20 to 19
 * @param umask of files that are made
 */
public record GlobalSettings(
        String routerId,
        MailSettings mail,
        Optional<ScriptUser> scriptUser,
        boolean scriptSecurity,
        Optional<TimedScript> startupScript,
        Optional<TimedScript> shutdownScript,
        Optional<FifoSettings> allFifo,
        Optional<FifoSettings> vrrpFifo,
        boolean fifoStatesOnReload,
        OptionalInt realtimePriority,
        OptionalInt nice,
        OptionalInt umask,
        boolean lockedInMemory,
        ProcessFiles files,
        ReloadSettings reload) {}
