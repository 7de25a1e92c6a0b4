package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A FIFO that is written to whether or not somebody reads, and never waits (fifo(7)): it is open
 * for reading here too, so that a reader may come, go and come again.
 */
public final class NamedPipe implements AutoCloseable {
    private static final int O_NONBLOCK = 0x800;
    private static final int S_IFMT = 0170000;
    private static final int S_IFIFO = 0010000;

    private static final MethodHandle MKFIFO = LibC.function("mkfifo", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle WRITE =
            LibC.function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    private final FileDescriptor descriptor;

    private NamedPipe(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens the FIFO, made first where there is none.
     *
     * @param mode its permissions when it is made here
     * @throws ProblemException when something else has that name
     */
    public static NamedPipe open(Path path, int mode) {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    (int)
                            MKFIFO.invokeExact(
                                    state.segment(), arena.allocateFrom(path.toString()), mode);
            if (result != 0 && !state.errno().equals(Errno.EEXIST)) {
                throw state.errno()
                        .failure(
                                "cannot make a FIFO",
                                path.toString(),
                                "make its directory, and let this user write there");
            }
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        requireFifo(path);
        return new NamedPipe(
                FileDescriptor.open(
                        path.toString(),
                        FileDescriptor.O_RDWR | O_NONBLOCK,
                        0,
                        "let this user write it"));
    }

    private static void requireFifo(Path path) {
        try {
            Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if (mode instanceof Integer bits && (bits & S_IFMT) == S_IFIFO) {
                return;
            }
        } catch (IOException e) {
            // Told below.
        }
        throw new ProblemException(
                new Problem(
                        "it is no FIFO",
                        path.toString(),
                        "something else has that name",
                        "remove it, or name another path"));
    }

    /**
     * Writes all or nothing (at most 4096 bytes, which the kernel keeps together).
     *
     * @return false when the pipe is full: nobody reads it
     */
    public boolean write(byte[] bytes) {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, bytes);
            long count =
                    (long)
                            WRITE.invokeExact(
                                    state.segment(),
                                    descriptor.number(),
                                    text,
                                    (long) bytes.length);
            if (count == bytes.length) {
                return true;
            }
            if (count < 0 && !state.errno().equals(Errno.EAGAIN)) {
                throw state.errno()
                        .failure("cannot write to a FIFO", descriptor.name(), "look at its reader");
            }
            return false;
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
