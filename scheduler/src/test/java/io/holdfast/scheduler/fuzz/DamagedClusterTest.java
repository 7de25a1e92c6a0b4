package io.holdfast.scheduler.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A damaged CIB ends in findings, in a problem or in a decision; never in a crash or a hang. */
final class DamagedClusterTest {
    private static final Instant NOW = Instant.ofEpochSecond(RandomCluster.NOW);

    /** Far more than any takes; a machine may be busy. */
    private static final Duration HANGS = Duration.ofSeconds(10);

    @Test
    void fourHundredDamagedClustersNeitherCrashNorHang() {
        damage(0, 400);
    }

    @Test
    @Tag("nightly")
    void tenThousandDamagedClustersNeitherCrashNorHang() {
        damage(1_000, 11_000);
    }

    private static void damage(long from, long to) {
        int decided = 0;
        for (long seed = from; seed < to; seed++) {
            long current = seed;
            decided +=
                    Assertions.assertTimeoutPreemptively(
                            HANGS, () -> isDecided(current), () -> "seed " + current);
        }
        // Were all refused, nothing would be tested.
        assertThat(decided).isGreaterThan((int) (to - from) / 10);
    }

    /** 1 when the damaged CIB passes the checks and a decision is made from it, 0 when refused. */
    private static int isDecided(long seed) {
        Element damaged = new Damage(new Draw(seed)).of(RandomCluster.of(seed));
        try {
            CibVerifier.Verified verified = CibVerifier.verify(new Cib(damaged));
            if (!verified.isUsable()) {
                return 0;
            }
            Scheduler.schedule(verified.cib(), NOW);
            return 1;
        } catch (ProblemException e) {
            assertThat(e.problem().remedy()).isNotBlank();
            return 0;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
