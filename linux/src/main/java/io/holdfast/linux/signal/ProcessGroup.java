package io.holdfast.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.base.Invariant;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.LibC;
import java.lang.invoke.MethodHandle;

/** A process and all its offspring that did not make a group of their own: kill(2) with -PGID. */
public record ProcessGroup(long id) {
    public static final int SIGTERM = 15;
    public static final int SIGKILL = 9;

    private static final MethodHandle KILL = LibC.function("kill", JAVA_INT, JAVA_INT, JAVA_INT);

    public ProcessGroup {
        // 0 would be our own group, and 1 every process there is.
        Invariant.check(id > 1 && id <= Integer.MAX_VALUE, "no process group: %d", id);
    }

    /** Signals every process of the group; false when it has none any more. */
    public boolean signal(int number) {
        CallState state = CallState.ofThread();
        int result;
        try {
            result = (int) KILL.invokeExact(state.segment(), (int) -id, number);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (result == 0) {
            return true;
        }
        if (state.errno().equals(Errno.ESRCH)) {
            return false;
        }
        throw state.errno()
                .failure(
                        "a process group could not be signalled",
                        "process group " + id,
                        "run as the user who started it, usually root");
    }
}
