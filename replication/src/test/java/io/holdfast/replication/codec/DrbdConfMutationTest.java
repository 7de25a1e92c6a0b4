package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is done to a file, it is read or refused with messages, in bounded time. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrbdConfMutationTest {
    private static final int SEEDS = 600;
    private static final int NIGHTLY_SEEDS = 100_000;
    private static final List<String> TEXTS =
            List.of(DrbdTexts.RICH, DrbdTexts.STORAGE_PAIR, DrbdTexts.R0.formatted(""));
    private static final List<String> PIECES =
            List.of(
                    "{",
                    "}",
                    ";",
                    "\"",
                    "\\",
                    "#",
                    "\n",
                    "[",
                    "]",
                    ":",
                    " ",
                    "\0",
                    "\u00e9",
                    "-1",
                    "99999999999999999999",
                    "skip",
                    "on",
                    "disk",
                    "net {",
                    "volume 0 {",
                    "include",
                    "via proxy",
                    "device",
                    "minor",
                    "none",
                    "10.0.0.1:7788",
                    "%",
                    "*",
                    "no-",
                    "all");

    @Test
    void everyTruncationOfAFileIsReadOrRefused() {
        for (String text : TEXTS) {
            for (int length = 0; length <= text.length(); length++) {
                read(text.substring(0, length), "length " + length);
            }
        }
    }

    @Test
    void mutatedFilesAreReadOrRefused() {
        readMutated(SEEDS);
    }

    @Test
    @Tag("nightly")
    void manyMutatedFilesAreReadOrRefused() {
        readMutated(NIGHTLY_SEEDS);
    }

    @Test
    void theUnchangedTextsAreAccepted() {
        TEXTS.forEach(t -> assertThat(DrbdConf.parse(t, "t").volumes()).isNotEmpty());
    }

    private static void readMutated(int seeds) {
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(TEXTS.get(random.nextInt(TEXTS.size())));
            for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
                mutate(text, random);
            }
            read(text.toString(), "seed " + seed);
        }
    }

    private static void mutate(StringBuilder text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(20));
        switch (random.nextInt(4)) {
            case 0 -> text.delete(at, end);
            case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            case 2 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
            default -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
        }
    }

    private static void read(String text, String what) {
        try {
            DrbdConf.parse(text, "drbd.conf");
        } catch (DrbdConfException e) {
            assertThat(e.mistakes()).as(what).isNotEmpty();
        } catch (RuntimeException e) {
            throw new AssertionError(what + " broke the reader:\n" + text, e);
        }
    }
}
