package io.holdfast.base;

import com.google.errorprone.annotations.FormatMethod;

/** Checks that hold in production too: a broken one is a bug, and going on would be worse. */
public final class Invariant {
    private Invariant() {}

    /** Fails when {@code holds} is false; the message is formatted only then. */
    @FormatMethod
    public static void check(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new InvariantViolation(String.format(format, arguments));
        }
    }
}
