package io.holdfast.linux.nativecall;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Binds functions of the C library. Handles are meant for {@code static final} fields, where the
 * JIT turns a call into a few nanoseconds.
 *
 * <p>Every handle takes, before the function's own arguments, the segment of a {@link CallState}:
 * errno must be caught in the same transition, before the JVM's own calls overwrite it.
 */
@SuppressWarnings("restricted") // the one place of the product that binds native functions
public final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    private LibC() {}

    /** Binds {@code result name(arguments…)}. */
    public static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                address(name), FunctionDescriptor.of(result, arguments), CAPTURE_ERRNO);
    }

    /**
     * Binds a variadic function such as {@code open}, {@code ioctl}, {@code fcntl} or {@code
     * syscall}, whose arguments from index {@code firstVariadic} on are passed as C passes "...".
     */
    public static MethodHandle variadic(
            String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                address(name),
                FunctionDescriptor.of(result, arguments),
                CAPTURE_ERRNO,
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** Binds a function that never fails, or tells so otherwise: no {@link CallState} argument. */
    static Optional<MethodHandle> functionWithoutErrno(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.defaultLookup()
                .find(name)
                .map(a -> LINKER.downcallHandle(a, FunctionDescriptor.of(result, arguments)));
    }

    /** The memory that a pointer from the C library (mmap, a static text) points to. */
    public static MemorySegment view(MemorySegment pointer, long sizeBytes) {
        return pointer.reinterpret(sizeBytes);
    }

    /** What to throw when {@code invokeExact} throws: a handle never does, unless we misuse it. */
    public static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException("a native call threw", thrown);
    }

    private static MemorySegment address(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(
                        () ->
                                new ProblemException(
                                        new Problem(
                                                "the C library has no function of this name",
                                                name,
                                                "it is older than this program expects",
                                                "run on Linux with glibc 2.34 or newer (Debian 12,"
                                                        + " RHEL 9)")));
    }
}
