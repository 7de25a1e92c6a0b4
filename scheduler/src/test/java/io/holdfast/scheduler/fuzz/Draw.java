package io.holdfast.scheduler.fuzz;

import java.util.List;
import java.util.Random;

/** Choices that a seed decides. */
final class Draw {
    private final Random random;

    Draw(long seed) {
        // neighbouring seeds of Random begin alike
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /** A number of both bounds or between. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    String of(String... values) {
        return values[random.nextInt(values.length)];
    }

    <T> T of(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
