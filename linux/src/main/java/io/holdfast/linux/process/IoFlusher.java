package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.lang.invoke.MethodHandle;

/**
 * Tells the kernel that a thread stands between a filesystem and its disk (PR_SET_IO_FLUSHER): when
 * memory is short the thread is not made to wait for pages to be written through itself, and is not
 * throttled for pages that others made dirty.
 */
public final class IoFlusher {
    private static final int PR_SET_IO_FLUSHER = 57;

    private static final MethodHandle PRCTL =
            LibC.variadic(
                    "prctl", 1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private IoFlusher() {}

    /**
     * Marks the calling thread, and those it starts from now on.
     *
     * @return whether it was permitted (CAP_SYS_RESOURCE, Linux 5.6)
     */
    public static boolean mark() {
        try {
            return (int)
                            PRCTL.invokeExact(
                                    CallState.ofThread().segment(),
                                    PR_SET_IO_FLUSHER,
                                    1L,
                                    0L,
                                    0L,
                                    0L)
                    == 0;
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
