package io.holdfast.linux.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** How large the terminal is, in characters (tty_ioctl(4)); 0 when the terminal does not know. */
public record TerminalSize(int columns, int rows) {
    private static final int STANDARD_OUTPUT = 1;
    private static final long TIOCGWINSZ = 0x5413;

    private static final MethodHandle IOCTL =
            LibC.variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    /** Empty when standard output is no terminal. */
    public static Optional<TerminalSize> ofStandardOutput() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(JAVA_SHORT, 4); // struct winsize
            int result =
                    (int)
                            IOCTL.invokeExact(
                                    CallState.ofThread().segment(),
                                    STANDARD_OUTPUT,
                                    TIOCGWINSZ,
                                    size);
            return result != 0
                    ? Optional.empty()
                    : Optional.of(
                            new TerminalSize(
                                    size.getAtIndex(JAVA_SHORT, 1) & 0xffff,
                                    size.getAtIndex(JAVA_SHORT, 0) & 0xffff));
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
