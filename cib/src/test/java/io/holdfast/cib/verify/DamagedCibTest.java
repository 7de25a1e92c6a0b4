package io.holdfast.cib.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.Mutations;
import io.holdfast.cib.Samples;
import io.holdfast.cib.crm.CrmConfigure;
import io.holdfast.cib.crm.LoadMode;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.cib.xml.XmlWriter;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged input gives problems and findings, never a crash or a hang. */
class DamagedCibTest {
    private static final Element BASE = Samples.everything().root();
    private static final String XML = XmlWriter.indented(BASE);

    @Test
    void aFewHundredDamagedCibsNeitherCrashNorHang() {
        damage(0, 400);
    }

    @Test
    @Tag("nightly")
    void tenThousandDamagedCibsNeitherCrashNorHang() {
        damage(1_000, 11_000);
    }

    private static void damage(long from, long to) {
        for (long seed = from; seed < to; seed++) {
            long current = seed;
            Assertions.assertTimeout(
                    Duration.ofSeconds(5), () -> damage(current), "seed " + current);
        }
    }

    private static void damage(long seed) {
        try {
            Mutations mutations = new Mutations(seed);
            useAll(mutations.damaged(BASE));
            damagedText(mutations);
            damagedDocument(mutations);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** What is read of a damaged tree is saved and read again as the same. */
    private static void useAll(Element damaged) {
        if (!damaged.is("cib")) {
            return;
        }
        Cib cib = new Cib(damaged);
        CibVerifier.Verified verified = CibVerifier.verify(cib);
        assertThat(verified.findings()).allMatch(f -> !f.object().isBlank());
        CrmConfigure.show(cib);
        boolean sameName = verified.findings().stream().anyMatch(f -> f.what().startsWith("two "));
        if (verified.isUsable() && !sameName) {
            String saved = CrmConfigure.save(verified.cib());
            Cib again = CrmConfigure.load(Cib.empty(), saved, LoadMode.REPLACE).cib();
            assertThat(CrmConfigure.sameConfiguration(again, verified.cib())).as(saved).isTrue();
        }
        assertThat(XmlReader.string(XmlWriter.indented(damaged))).isEqualTo(damaged);
    }

    private static void damagedDocument(Mutations mutations) {
        try {
            useAll(XmlReader.string(mutations.damaged(XML)));
        } catch (ProblemException e) {
            assertThat(e.problem().remedy()).isNotBlank();
        }
    }

    private static void damagedText(Mutations mutations) {
        String text = mutations.damaged(Samples.EVERYTHING);
        CrmConfigure.Loaded loaded = CrmConfigure.load(Samples.everything(), text, LoadMode.UPDATE);
        assertThat(loaded.findings()).allMatch(f -> !f.remedy().isBlank());
    }
}
