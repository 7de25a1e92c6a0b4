package io.holdfast.lab.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockWriterTest {
    private static final WriterPlan PLAN = new WriterPlan(7, 100, 16, 1_000_000, false);

    private final FakeDisk disk = new FakeDisk();
    private final List<WriterLine> lines = new CopyOnWriteArrayList<>();
    private final BlockWriter writer = new BlockWriter(disk, PLAN, lines::add);
    private Thread thread;

    @BeforeEach
    void start() {
        thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        writer.run();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
    }

    @AfterEach
    void stop() throws InterruptedException {
        writer.stop();
        thread.join(5_000);
        assertThat(thread.isAlive()).isFalse();
        disk.close();
    }

    @Test
    void blocksAreWrittenInTurnAndReadBack() {
        awaitAcknowledged(40);
        pauseAndVerify();
        List<WriterLine.Acknowledged> acks = acknowledged();
        assertThat(acks.get(0)).extracting("sequence", "block").containsExactly(1L, 100L);
        assertThat(acks.get(16)).extracting("sequence", "block").containsExactly(17L, 100L);
        assertThat(verified()).isEqualTo(new WriterLine.Verified(16, 0));
    }

    @Test
    void aWriteThatWasUnderWayWhenTheConnectionBrokeIsDoneOnTheNextOne() {
        awaitAcknowledged(5);
        disk.set(FakeDisk.Mode.GONE);
        awaitTrue(() -> lines.stream().anyMatch(l -> l.encode().contains("connection lost")));
        int before = acknowledged().size();
        disk.set(FakeDisk.Mode.WELL);
        awaitAcknowledged(before + 20);
        pauseAndVerify();
        assertThat(verified().damaged()).isZero();
        List<WriterLine.Acknowledged> acks = acknowledged();
        for (int i = 0; i < acks.size(); i++) {
            assertThat(acks.get(i).sequence()).isEqualTo(i + 1);
        }
    }

    @Test
    void aSilentSessionThatDoesNotAnswerAPingIsReplaced() {
        awaitAcknowledged(5);
        disk.set(FakeDisk.Mode.DEAF_SESSIONS);
        int before = acknowledged().size();
        awaitAcknowledged(before + 5);
        assertThat(disk.sessions()).isEqualTo(2);
    }

    @Test
    void aDiskWhoseWritesWaitButWhichAnswersPingsKeepsItsSession() throws InterruptedException {
        awaitAcknowledged(5);
        disk.set(FakeDisk.Mode.SUSPENDED);
        Thread.sleep(700);
        int before = acknowledged().size();
        disk.set(FakeDisk.Mode.WELL);
        awaitAcknowledged(before + 5);
        assertThat(disk.sessions()).isEqualTo(1);
    }

    @Test
    void aLostAndAStaleBlockAreFound() {
        awaitAcknowledged(40);
        writer.pause();
        awaitTrue(() -> lines.stream().anyMatch(WriterLine.Paused.class::isInstance));
        disk.forget(103);
        disk.put(105, new NumberedBlock(7, 6, 105));
        writer.verify();
        awaitTrue(() -> lines.stream().anyMatch(WriterLine.Verified.class::isInstance));
        assertThat(verified()).isEqualTo(new WriterLine.Verified(16, 2));
        assertThat(lines)
                .anyMatch(l -> l.encode().startsWith("damaged 103 it is all zeros; write"))
                .anyMatch(l -> l.encode().startsWith("damaged 105 it holds write 6 of writer 7"));
    }

    private void pauseAndVerify() {
        writer.pause();
        writer.verify();
        awaitTrue(() -> lines.stream().anyMatch(WriterLine.Verified.class::isInstance));
    }

    private WriterLine.Verified verified() {
        return lines.stream()
                .filter(WriterLine.Verified.class::isInstance)
                .map(WriterLine.Verified.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private List<WriterLine.Acknowledged> acknowledged() {
        return lines.stream()
                .filter(WriterLine.Acknowledged.class::isInstance)
                .map(WriterLine.Acknowledged.class::cast)
                .toList();
    }

    private void awaitAcknowledged(int count) {
        awaitTrue(() -> acknowledged().size() >= count);
    }

    private void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 10 s; lines: %s", lines).isLessThan(deadline);
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
