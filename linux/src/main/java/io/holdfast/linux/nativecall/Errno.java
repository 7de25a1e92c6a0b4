package io.holdfast.linux.nativecall;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.base.Problem;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Why the kernel refused, by its number. The numbers here are those of {@code asm-generic} (x86-64,
 * arm64, riscv, s390x).
 */
public record Errno(int number) {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno EROFS = new Errno(30);
    public static final Errno ENOSYS = new Errno(38);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENETDOWN = new Errno(100);
    public static final Errno EDQUOT = new Errno(122);

    /** Longer than any text of the C library. */
    private static final long MAX_TEXT_BYTES = 256;

    private static final MethodHandle STRERROR = text("strerror").orElseThrow();

    // glibc 2.32 and newer; musl has none.
    private static final Optional<MethodHandle> STRERRORNAME = text("strerrorname_np");

    /** The symbol, such as {@code EEXIST}. */
    public String name() {
        return STRERRORNAME.map(this::call).filter(n -> !n.isEmpty()).orElse("errno " + number);
    }

    /** The C library's sentence, such as {@code File exists}. */
    public String text() {
        return call(STRERROR);
    }

    /** A fault of the world told to a person; {@link Problem#why} is this errno. */
    public Problem problem(String what, String object, String remedy) {
        return new Problem(what, object, this.toString(), remedy);
    }

    /** {@link #problem}, ready to throw. */
    public SystemCallException failure(String what, String object, String remedy) {
        return new SystemCallException(this, problem(what, object, remedy));
    }

    @Override
    public String toString() {
        return name() + " (" + text() + ")";
    }

    private String call(MethodHandle handle) {
        try {
            MemorySegment text = (MemorySegment) handle.invokeExact(number);
            return text.equals(MemorySegment.NULL)
                    ? ""
                    : LibC.view(text, MAX_TEXT_BYTES).getString(0);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static Optional<MethodHandle> text(String function) {
        return LibC.functionWithoutErrno(function, ADDRESS, JAVA_INT);
    }
}
