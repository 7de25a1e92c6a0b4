package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.base.Problem;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Real-time priority for threads that answer heartbeats. */
public final class RealtimeScheduling {
    private static final int SCHED_RR = 2;

    // Threads and processes that such a thread starts are ordinary again: an agent's shell script
    // must not starve the machine.
    private static final int SCHED_RESET_ON_FORK = 0x40000000;

    private static final int CALLING_THREAD = 0;

    private static final MethodHandle SCHED_SETSCHEDULER =
            LibC.function("sched_setscheduler", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);

    private RealtimeScheduling() {}

    /**
     * Gives the calling platform thread round-robin real-time scheduling.
     *
     * @param priority 1 (lowest) to 99
     * @return why it was not permitted; the thread can go on without, with a warning
     * @throws IllegalStateException on a virtual thread: its carrier would be changed instead
     */
    public static Optional<Problem> roundRobinForThisThread(int priority) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no scheduling class of its own");
        }
        CallState state = CallState.ofThread();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameter = arena.allocateFrom(JAVA_INT, priority);
            result =
                    (int)
                            SCHED_SETSCHEDULER.invokeExact(
                                    state.segment(),
                                    CALLING_THREAD,
                                    SCHED_RR | SCHED_RESET_ON_FORK,
                                    parameter);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        return result == 0
                ? Optional.empty()
                : Optional.of(
                        state.errno()
                                .problem(
                                        "cannot get real-time priority " + priority,
                                        "thread " + Thread.currentThread().getName(),
                                        "run as root, grant CAP_SYS_NICE, or raise the limit"
                                                + " (LimitRTPRIO="
                                                + priority
                                                + " in systemd)"));
    }
}
