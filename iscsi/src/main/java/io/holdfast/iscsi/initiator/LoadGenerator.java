package io.holdfast.iscsi.initiator;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of random commands under way on one session and measures them: the driver behind
 * the benchmarks of the target.
 */
public final class LoadGenerator {
    private static final int MAX_SAMPLES = 1 << 21;

    private final InitiatorSession session;
    private final Load load;
    private final long spanBlocks;
    private final int blocks;
    private final int blockBytes;
    private final SplittableRandom random;
    private final long[] latencies = new long[MAX_SAMPLES];
    private final CountDownLatch idle;
    private final AtomicReference<@Nullable CommandResult> failure = new AtomicReference<>();
    private long endNanos;
    private int samples;
    private long commands;

    /**
     * What to do.
     *
     * @param depth commands under way
     * @param bytes a command's length
     * @param write or read
     * @param random or one after the other
     */
    public record Load(
            int lun, int depth, int bytes, boolean write, boolean random, int millis, long seed) {}

    /**
     * What came of it. Latencies in microseconds.
     *
     * @param perSecond commands a second
     */
    public record Figures(
            long commands,
            double perSecond,
            double megabytesPerSecond,
            double median,
            double p99,
            double max) {}

    private LoadGenerator(InitiatorSession session, Load load, InitiatorSession.Capacity capacity) {
        this.session = session;
        this.load = load;
        this.blockBytes = capacity.blockBytes();
        this.blocks = load.bytes() / blockBytes;
        this.spanBlocks = capacity.blocks() / blocks;
        this.random = new SplittableRandom(load.seed());
        this.idle = new CountDownLatch(load.depth());
    }

    /**
     * Runs the load to its end.
     *
     * @throws IscsiException when a command failed
     */
    public static Figures run(InitiatorSession session, Load load) throws IscsiException {
        return new LoadGenerator(session, load, session.readCapacity(load.lun())).run();
    }

    private Figures run() throws IscsiException {
        long start = System.nanoTime();
        endNanos = start + load.millis() * 1_000_000L;
        for (int i = 0; i < load.depth(); i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(load.bytes());
            for (int at = 0; at < load.bytes(); at += Long.BYTES) {
                buffer.putLong(at, random.nextLong());
            }
            next(buffer, i);
        }
        try {
            idle.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IscsiException("interrupted", e);
        }
        CommandResult failed = failure.get();
        if (failed != null) {
            throw new IscsiException("a command of the load failed: " + failed);
        }
        return figures((System.nanoTime() - start) / 1e9);
    }

    private void next(ByteBuffer buffer, long sequence) {
        long block;
        synchronized (this) {
            block =
                    load.random()
                            ? random.nextLong(spanBlocks)
                            : (commands + sequence) % spanBlocks;
        }
        long started = System.nanoTime();
        CommandCompletion done = result -> ended(buffer, started, result);
        if (load.write()) {
            session.write(load.lun(), block * blocks, blocks, buffer, false, done);
        } else {
            session.read(load.lun(), block * blocks, blocks, buffer, done);
        }
    }

    private void ended(ByteBuffer buffer, long started, CommandResult result) {
        long now = System.nanoTime();
        if (!result.good() && !result.retryable()) {
            failure.compareAndSet(null, result);
            idle.countDown();
            return;
        }
        synchronized (this) {
            commands++;
            if (samples < MAX_SAMPLES) {
                latencies[samples++] = now - started;
            }
        }
        if (now >= endNanos) {
            idle.countDown();
        } else {
            next(buffer, 0);
        }
    }

    private synchronized Figures figures(double seconds) {
        long[] sorted = Arrays.copyOf(latencies, samples);
        Arrays.sort(sorted);
        return new Figures(
                commands,
                commands / seconds,
                commands * (double) load.bytes() / 1e6 / seconds,
                sorted[samples / 2] / 1e3,
                sorted[(int) (samples * 0.99)] / 1e3,
                sorted[samples - 1] / 1e3);
    }
}
