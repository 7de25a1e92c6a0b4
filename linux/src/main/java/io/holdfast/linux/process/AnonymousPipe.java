package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A pipe whose ends are plain descriptors, so that a child can be given one ({@code
 * /proc/self/fd/N}) and learn of our death: its reads end when the last write end is closed,
 * whatever closed it.
 */
public record AnonymousPipe(FileDescriptor readEnd, FileDescriptor writeEnd)
        implements AutoCloseable {
    private static final MethodHandle PIPE2 = LibC.function("pipe2", JAVA_INT, ADDRESS, JAVA_INT);

    /** Makes a pipe that no child inherits by itself. */
    public static AnonymousPipe create() {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            int result = pipe2(state, ends);
            if (result != 0) {
                throw state.errno()
                        .failure("cannot make a pipe", "pipe", "raise the limit of open files");
            }
            return new AnonymousPipe(
                    FileDescriptor.owning(ends.getAtIndex(JAVA_INT, 0), "read end of a pipe"),
                    FileDescriptor.owning(ends.getAtIndex(JAVA_INT, 1), "write end of a pipe"));
        }
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }

    private static int pipe2(CallState state, MemorySegment ends) {
        try {
            return (int) PIPE2.invokeExact(state.segment(), ends, FileDescriptor.O_CLOEXEC);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
