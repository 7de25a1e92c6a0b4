package io.holdfast.lab.writer;

import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes block after block, one at a time: write, flush, acknowledged, and the next when its time
 * has come. A write that was begun is done in the end, whatever it takes: on a broken session it is
 * begun again on the next one, with the same content.
 *
 * <pre>
 *              due                     written              flushed
 *   RESTING ---------> WRITING ------------------> FLUSHING ---------> RESTING, told as acknowledged
 *                         ^   session broken, or     |
 *                         +---- replaced ------------+
 * </pre>
 *
 * A session that is silent for a quarter of a second is pinged. An answer means that the disk is
 * there and has its reasons (its I/O is suspended); no answer means that whoever had the disk's
 * address may be dead, and a new session is made beside the silent one.
 *
 * <p>All state belongs to the thread in {@link #run}; everybody else leaves work in its mailbox.
 */
final class BlockWriter {
    private static final long SILENCE_NANOS = 250_000_000;
    private static final long PAUSE_AFTER_FAILURE_NANOS = 20_000_000;
    private static final long VERIFY_DEADLINE_NANOS = 60_000_000_000L;
    private static final int BLOCKS_PER_READ = 64;
    private static final long NEVER = Long.MAX_VALUE;

    private enum Phase {
        RESTING,
        WRITING,
        FLUSHING
    }

    private final Disk disk;
    private final WriterPlan plan;
    private final Consumer<WriterLine> told;
    private final LinkedBlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    private final long[] acknowledged;
    private final long[] begun;

    private ByteBuffer buffer = ByteBuffer.allocateDirect(NumberedBlock.BYTES);
    private Disk.@Nullable Session session;
    private @Nullable Thread connecting;
    private boolean everConnected;

    private Phase phase = Phase.RESTING;
    private boolean submitted;
    private long sequence;
    private long block;
    private long dueNanos;
    private long lastSignNanos;
    private boolean pinged;
    private boolean pauseWanted;
    private boolean paused;
    private boolean stopped;

    BlockWriter(Disk disk, WriterPlan plan, Consumer<WriterLine> told) {
        this.disk = disk;
        this.plan = plan;
        this.told = told;
        this.acknowledged = new long[plan.blocks()];
        this.begun = new long[plan.blocks()];
        this.pauseWanted = plan.startPaused();
        this.paused = plan.startPaused();
    }

    /** No new writes once the one under way is acknowledged; told with {@code paused}. */
    void pause() {
        mailbox.add(() -> pauseWanted = true);
    }

    void resume() {
        mailbox.add(this::goOn);
    }

    /** Reads back every acknowledged block; told with {@code verified}. */
    void verify() {
        mailbox.add(this::readBack);
    }

    void stop() {
        mailbox.add(() -> stopped = true);
    }

    /** Writes until told to stop. */
    void run() throws InterruptedException {
        dueNanos = System.nanoTime();
        connect();
        while (!stopped) {
            advance(System.nanoTime());
            Runnable work = mailbox.poll(nanosUntilNextAct(), TimeUnit.NANOSECONDS);
            while (work != null) {
                work.run();
                work = mailbox.poll();
            }
        }
        if (connecting != null) {
            connecting.interrupt();
        }
        if (session != null) {
            session.close();
        }
    }

    private void advance(long now) {
        if (phase == Phase.RESTING && pauseWanted && !paused) {
            paused = true;
            told.accept(new WriterLine.Paused(now));
        }
        if (phase == Phase.RESTING && !paused && session != null && now - dueNanos >= 0) {
            beginNext(now);
        }
        Disk.Session current = session;
        if (current == null) {
            connect();
        } else if (phase == Phase.WRITING && !submitted) {
            submitWrite(current, now);
        } else if (phase != Phase.RESTING && now - lastSignNanos >= SILENCE_NANOS) {
            lookIntoSilence(current, now);
        }
    }

    private long nanosUntilNextAct() {
        long now = System.nanoTime();
        long next = NEVER;
        if (phase == Phase.RESTING && !paused && session != null) {
            next = dueNanos - now;
        } else if (phase != Phase.RESTING && submitted) {
            next = lastSignNanos + SILENCE_NANOS - now;
        }
        return Math.max(0, next);
    }

    private void beginNext(long now) {
        sequence++;
        int index = (int) ((sequence - 1) % plan.blocks());
        block = plan.firstBlock() + index;
        begun[index] = sequence;
        new NumberedBlock(plan.writer(), sequence, block).encode(buffer);
        phase = Phase.WRITING;
        submitted = false;
        // The next one is due an interval later, but a late one is not followed by a burst.
        dueNanos = now + plan.intervalNanos();
    }

    private void submitWrite(Disk.Session current, long now) {
        submitted = true;
        pinged = false;
        lastSignNanos = now;
        current.write(
                block,
                buffer.duplicate(),
                (outcome, detail) -> mailbox.add(() -> written(current, outcome, detail)));
    }

    private void written(Disk.Session from, Disk.Outcome outcome, String detail) {
        if (isOld(from) || phase != Phase.WRITING) {
            return;
        }
        switch (outcome) {
            case OK -> {
                phase = Phase.FLUSHING;
                submitFlush(from);
            }
            case RETRY -> submitted = false;
            case BROKEN, FAILED -> lost(from, outcome, detail);
        }
    }

    private void submitFlush(Disk.Session current) {
        lastSignNanos = System.nanoTime();
        pinged = false;
        current.flush(
                (outcome, detail) -> {
                    long atNanos = System.nanoTime();
                    mailbox.add(() -> flushed(current, outcome, detail, atNanos));
                });
    }

    private void flushed(Disk.Session from, Disk.Outcome outcome, String detail, long atNanos) {
        if (isOld(from) || phase != Phase.FLUSHING) {
            return;
        }
        switch (outcome) {
            case OK -> {
                phase = Phase.RESTING;
                acknowledged[(int) (block - plan.firstBlock())] = sequence;
                told.accept(new WriterLine.Acknowledged(sequence, block, atNanos));
            }
            // The unit may have lost what was not flushed (that is what a unit attention can mean),
            // so the write is done again with the flush.
            case RETRY -> {
                phase = Phase.WRITING;
                submitted = false;
            }
            case BROKEN, FAILED -> lost(from, outcome, detail);
        }
    }

    private void lost(Disk.Session from, Disk.Outcome outcome, String detail) {
        note((outcome == Disk.Outcome.BROKEN ? "connection lost: " : "refused: ") + detail);
        from.close();
        session = null;
        beginAgain();
        if (outcome == Disk.Outcome.FAILED) {
            pauseBriefly();
        }
    }

    private void lookIntoSilence(Disk.Session current, long now) {
        lastSignNanos = now;
        if (pinged) {
            note("no answer to a ping within 250 ms; connecting anew");
            connect();
            return;
        }
        pinged = true;
        current.ping(
                (outcome, detail) ->
                        mailbox.add(
                                () -> {
                                    if (!isOld(current) && outcome == Disk.Outcome.OK) {
                                        pinged = false;
                                    }
                                }));
    }

    /** Looks for a new session in a thread of its own; at most one at a time. */
    private void connect() {
        if (connecting != null) {
            return;
        }
        connecting =
                Thread.ofPlatform()
                        .daemon()
                        .name("connecting")
                        .start(
                                () -> {
                                    try {
                                        Disk.Session made = disk.connect();
                                        mailbox.add(() -> connected(made));
                                    } catch (InterruptedException e) {
                                        // The writer stops.
                                    }
                                });
    }

    private void connected(Disk.Session made) {
        connecting = null;
        Disk.Session old = session;
        session = made;
        if (old != null) {
            old.close();
        }
        beginAgain();
        if (everConnected) {
            note("connected again");
        } else {
            everConnected = true;
            told.accept(new WriterLine.Ready());
        }
    }

    /** What was under way on the old session is begun again on the next. */
    private void beginAgain() {
        if (phase == Phase.RESTING) {
            return;
        }
        phase = Phase.WRITING;
        submitted = false;
        // The old session may still hold the buffer for a moment.
        buffer = ByteBuffer.allocateDirect(NumberedBlock.BYTES);
        new NumberedBlock(plan.writer(), sequence, block).encode(buffer);
    }

    private boolean isOld(Disk.Session other) {
        return session == null || !session.equals(other);
    }

    private void goOn() {
        pauseWanted = false;
        if (paused) {
            paused = false;
            dueNanos = System.nanoTime();
            told.accept(new WriterLine.Resumed(dueNanos));
        }
    }

    // --- reading back ---

    private void readBack() {
        long checked = 0;
        long damaged = 0;
        ByteBuffer chunk = ByteBuffer.allocateDirect(BLOCKS_PER_READ * NumberedBlock.BYTES);
        for (int first = 0; first < plan.blocks(); first += BLOCKS_PER_READ) {
            int count = Math.min(BLOCKS_PER_READ, plan.blocks() - first);
            if (!anyAcknowledged(first, count)) {
                continue;
            }
            chunk.clear().limit(count * NumberedBlock.BYTES);
            try {
                readPatiently(plan.firstBlock() + first, chunk);
            } catch (IOException e) {
                damaged += count;
                told.accept(
                        new WriterLine.Damaged(
                                plan.firstBlock() + first, "cannot be read: " + e.getMessage()));
                continue;
            }
            for (int i = 0; i < count; i++) {
                if (acknowledged[first + i] != 0) {
                    checked++;
                    ByteBuffer content = chunk.slice(i * NumberedBlock.BYTES, NumberedBlock.BYTES);
                    damaged += isIntact(first + i, content) ? 0 : 1;
                }
            }
        }
        told.accept(new WriterLine.Verified(checked, damaged));
    }

    private boolean anyAcknowledged(int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (acknowledged[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Reads, on another session when the present one breaks. */
    private void readPatiently(long firstBlock, ByteBuffer into) throws IOException {
        long deadline = System.nanoTime() + VERIFY_DEADLINE_NANOS;
        while (true) {
            Disk.Session current = session;
            if (current != null) {
                try {
                    current.read(firstBlock, into.duplicate());
                    return;
                } catch (IOException e) {
                    if (System.nanoTime() - deadline > 0) {
                        throw e;
                    }
                    lost(current, Disk.Outcome.FAILED, String.valueOf(e.getMessage()));
                }
            } else if (System.nanoTime() - deadline > 0) {
                throw new IOException("no session within 60 s");
            }
            awaitSession();
        }
    }

    private void awaitSession() throws IOException {
        connect();
        try {
            Runnable work = mailbox.poll(100, TimeUnit.MILLISECONDS);
            if (work != null) {
                work.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The content of the last acknowledged write, or of the one that was begun after it. */
    private boolean isIntact(int index, ByteBuffer content) {
        long expectedBlock = plan.firstBlock() + index;
        String wrong;
        try {
            NumberedBlock found = NumberedBlock.decode(content);
            if (found.writer() == plan.writer()
                    && found.block() == expectedBlock
                    && found.sequence() >= acknowledged[index]
                    && found.sequence() <= begun[index]) {
                return true;
            }
            wrong =
                    "it holds write "
                            + found.sequence()
                            + " of writer "
                            + found.writer()
                            + " for block "
                            + found.block()
                            + ", write "
                            + acknowledged[index]
                            + " was acknowledged";
        } catch (ProblemException e) {
            wrong = e.problem().why() + "; write " + acknowledged[index] + " was acknowledged";
        }
        told.accept(new WriterLine.Damaged(expectedBlock, wrong));
        return false;
    }

    private void note(String text) {
        told.accept(new WriterLine.Note(System.nanoTime(), text.replace('\n', ' ')));
    }

    // A target that refuses is asked again soon, but not in a busy loop.
    private static void pauseBriefly() {
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
    }
}
