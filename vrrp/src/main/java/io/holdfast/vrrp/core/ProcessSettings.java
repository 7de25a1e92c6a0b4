package io.holdfast.vrrp.core;

import java.time.Duration;
import java.util.List;

/**
 * One {@code vrrp_track_process}: up while enough processes of a program run.
 *
 * @param command name, or path and arguments
 * @param match how many arguments must agree
 * @param fullCommand compare the whole command line instead of the program's name
 * @param quorum fewest
 * @param quorumMax most
 * @param startDelay how long enough processes must run before it is up
 * @param terminateDelay how long they must be gone before it is down
 */
public record ProcessSettings(
        String name,
        List<String> command,
        Match match,
        boolean fullCommand,
        int quorum,
        int quorumMax,
        Duration startDelay,
        Duration terminateDelay) {
    public ProcessSettings {
        command = List.copyOf(command);
    }

    /** {@code param_match}. */
    public enum Match {
        /** Arguments do not matter. */
        NONE,
        /** Exactly these. */
        EXACT,
        /** These, and any after them. */
        INITIAL,
        /** These, the last of which may go on. */
        PARTIAL
    }
}
