package io.holdfast.daemon.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.config.ReloadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a reload is due. */
class ScheduledReloadTest {
    private static final ZonedDateTime NOON =
            ZonedDateTime.of(2026, 3, 10, 12, 0, 0, 0, ZoneId.of("Europe/Paris"));

    @Test
    void aTimeAloneIsTheNextOneOfItsKind() {
        assertThat(ScheduledReload.next("12:30:00", NOON)).contains(NOON.plusMinutes(30));
        assertThat(ScheduledReload.next("11:30:00", NOON))
                .contains(NOON.plusHours(23).plusMinutes(30));
    }

    @Test
    void aZMeansUniversalTime() {
        ZonedDateTime due = ScheduledReload.next("26-03-10 11:30:00Z", NOON).orElseThrow();
        assertThat(due.toInstant()).isEqualTo(NOON.plusMinutes(30).toInstant());
    }

    @Test
    void aDateThatIsPastAndWordsThatAreNoTimeNeverCome() {
        assertThat(ScheduledReload.next("2026-03-10 11:59:59", NOON)).isEmpty();
        assertThat(ScheduledReload.next("2026-02-30 11:59:59", NOON)).isEmpty();
        assertThat(ScheduledReload.next("25:00:00", NOON)).isEmpty();
        assertThat(ScheduledReload.next(" 12:30:00", NOON)).isEmpty();
    }

    @Test
    void theFileIsRemovedWhenItsTimeCameAndRepeatedOnlyWhenAsked(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("when");
        ScheduledReload once =
                new ScheduledReload(
                        new ReloadSettings(Optional.of(file.toString()), false, Optional.empty()));
        assertThat(once.isDue(NOON)).isFalse();
        Files.writeString(file, "12:30:00\n");
        assertThat(once.isDue(NOON)).isFalse();
        assertThat(once.isDue(NOON.plusMinutes(31))).isTrue();
        assertThat(file).doesNotExist();
        assertThat(once.isDue(NOON.plusMinutes(32))).isFalse();
    }

    @Test
    void aRemovedFileCancelsTheReload(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("when"), "12:30:00\n");
        ScheduledReload schedule =
                new ScheduledReload(
                        new ReloadSettings(Optional.of(file.toString()), true, Optional.empty()));
        assertThat(schedule.isDue(NOON)).isFalse();
        Files.delete(file);
        assertThat(schedule.isDue(NOON.plusMinutes(31))).isFalse();
    }
}
