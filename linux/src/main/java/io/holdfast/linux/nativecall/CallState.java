package io.holdfast.linux.nativecall;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Where the linker leaves errno after a call. One per thread; a hot path keeps its own in a field.
 */
public final class CallState {
    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<CallState> OF_THREAD = ThreadLocal.withInitial(CallState::new);

    private final MemorySegment segment = Arena.ofAuto().allocate(LAYOUT);

    public CallState() {}

    /** The calling thread's own. */
    public static CallState ofThread() {
        return OF_THREAD.get();
    }

    /** The first argument of every handle of {@link LibC}. */
    public MemorySegment segment() {
        return segment;
    }

    /** The errno of the last call; only meaningful when that call's result says that it failed. */
    public Errno errno() {
        return new Errno(number());
    }

    /** {@link #errno} as a bare number, for hot paths. */
    public int number() {
        return (int) ERRNO.get(segment, 0L);
    }
}
