package io.holdfast.replication.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResyncForecastTest {
    private static final long TICK_NANOS = 10_000_000;

    private final ResyncForecast forecast = new ResyncForecast();

    @Test
    void nothingIsForetoldBeforeThereIsAPace() {
        forecast.start(0);
        assertThat(forecast.secondsFor(1000)).isEqualTo(-1);
        forecast.observe(TICK_NANOS, 500);
        assertThat(forecast.secondsFor(1000)).isEqualTo(-1);
    }

    /** A pace that changes from tick to tick, as disks and clients do, around 1,000 blocks a s. */
    @Test
    void afterTheFirstTenthItIsRightWithinTwentyPercent() {
        SplittableRandom random = new SplittableRandom(1);
        long total = 60_000;
        double done = 0;
        forecast.start(0);
        double foretold = -1;
        long now = 0;
        long foretoldAt = 0;
        while (done < total) {
            now += TICK_NANOS;
            done += random.nextDouble(0, 20);
            forecast.observe(now, (long) done);
            if (foretold < 0 && done >= total / 10.0) {
                foretold = forecast.secondsFor(total - (long) done);
                foretoldAt = now;
            }
        }
        double took = (now - foretoldAt) / 1e9;
        assertThat(foretold).isCloseTo(took, within(0.2 * took));
    }

    @Test
    void aPaceThatDropsIsFollowedWithinTenSeconds() {
        forecast.start(0);
        long now = 0;
        long done = 0;
        for (int second = 0; second < 30; second++) {
            int pace = second < 15 ? 1000 : 100;
            for (int tick = 0; tick < 100; tick++) {
                now += TICK_NANOS;
                done += pace / 100;
                forecast.observe(now, done);
            }
        }
        assertThat(forecast.blocksPerSecond()).isBetween(95L, 105L);
    }
}
