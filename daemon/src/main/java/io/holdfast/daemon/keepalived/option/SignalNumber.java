package io.holdfast.daemon.keepalived.option;

import java.util.Optional;
import java.util.stream.Stream;

/** What signals mean, with Keepalived's names and numbers ({@code --signum=NAME}). */
public enum SignalNumber {
    STOP(15),
    RELOAD(1),
    DATA(10),
    STATS(12),
    /** The last real-time signal but one: SIGRTMAX - 1. */
    STATS_CLEAR(63),
    /** SIGRTMIN + 2, where the C library keeps two for itself. */
    JSON(36);

    private final int number;

    SignalNumber(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static Optional<SignalNumber> named(String name) {
        return Stream.of(values()).filter(s -> s.name().equals(name)).findFirst();
    }
}
