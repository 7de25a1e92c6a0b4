package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.base.Problem;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Keeps this process's memory in RAM, so that it never waits for a disk to be paged in. */
public final class MemoryLock {
    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;

    // Lock pages when they are first touched. Without it the JVM's reserved, never used stacks and
    // heap would all be filled at once.
    private static final int MCL_ONFAULT = 4;

    private static final MethodHandle MLOCKALL = LibC.function("mlockall", JAVA_INT, JAVA_INT);

    private MemoryLock() {}

    /**
     * Locks everything that is mapped now or later.
     *
     * @return why it was not permitted; the process can go on without, with a warning
     */
    public static Optional<Problem> lockAll() {
        CallState state = CallState.ofThread();
        int result;
        try {
            result =
                    (int)
                            MLOCKALL.invokeExact(
                                    state.segment(), MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        return result == 0
                ? Optional.empty()
                : Optional.of(
                        state.errno()
                                .problem(
                                        "cannot lock this process in memory",
                                        "mlockall",
                                        "run as root, grant CAP_IPC_LOCK, or raise the limit"
                                                + " (LimitMEMLOCK=infinity in systemd)"));
    }
}
