package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.ScriptSettings;

/** Runs a tracked script once, as its user. Intervals, rise and fall are not its business. */
public interface ScriptRunner {
    /**
     * Called on a virtual thread of the script's own; blocks until the script ended, or was ended
     * because its timeout passed or the thread was interrupted.
     */
    ScriptResult run(ScriptSettings script) throws InterruptedException;

    /** How a script ended. */
    sealed interface ScriptResult {
        record Exited(int code) implements ScriptResult {}

        record Killed(int signal) implements ScriptResult {}

        record TimedOut() implements ScriptResult {}

        /** It could not be started at all; counts as a failure. */
        record NotStarted(String why) implements ScriptResult {}
    }
}
