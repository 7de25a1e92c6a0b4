package io.holdfast.bench;

import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** So many requests at once, each followed by the next when it is answered, for a while. */
final class LoadGenerator {
    private static final int MOST_SAMPLES = 200_000;

    /** What is loaded. */
    interface Target {
        /** Returns at once, or when the request is done; tells when it is, on whatever thread. */
        void submit(boolean write, long offset, ByteBuffer data, Consumer<IoStatus> done);

        /** Whether submit returns before the request is done. */
        boolean isAsynchronous();
    }

    /** Of one run. */
    record Figures(double aSecond, long p50Nanos, long p99Nanos) {}

    private final Target target;
    private final boolean write;
    private final int bytes;
    private final int depth;
    private final long slots;

    LoadGenerator(Target target, boolean write, int bytes, int depth, long sizeBytes) {
        this.target = target;
        this.write = write;
        this.bytes = bytes;
        this.depth = depth;
        this.slots = sizeBytes / bytes;
    }

    /** One of the requests that are under way at once. */
    private final class Lane {
        final ByteBuffer data = AlignedBufferPool.allocate(bytes);
        final SplittableRandom random;
        final long[] latencies = new long[MOST_SAMPLES / depth];
        final CountDownLatch ended;
        final long until;
        long next;
        int done;
        long begunAt;

        Lane(int number, long until, CountDownLatch ended) {
            this.random = new SplittableRandom(number);
            this.next = number;
            this.until = until;
            this.ended = ended;
            for (int i = 0; i < bytes; i++) {
                data.put(i, (byte) random.nextInt());
            }
        }

        void submit() {
            begunAt = System.nanoTime();
            target.submit(write, nextSlot() * bytes, data.duplicate(), this::answered);
        }

        private long nextSlot() {
            if (bytes < 1 << 20) {
                return random.nextLong(slots);
            }
            next += depth;
            return next % slots;
        }

        private void answered(IoStatus status) {
            if (status != IoStatus.OK) {
                throw new IllegalStateException("a request ended with " + status);
            }
            long now = System.nanoTime();
            latencies[done % latencies.length] = now - begunAt;
            done++;
            if (now >= until) {
                ended.countDown();
            } else if (target.isAsynchronous()) {
                submit();
            }
        }

        void runSynchronously() {
            do { // at least one, on however busy a machine
                submit();
            } while (System.nanoTime() < until);
            ended.countDown();
        }
    }

    Figures run(int millis) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(depth);
        long begun = System.nanoTime();
        long until = begun + millis * 1_000_000L;
        Lane[] lanes = new Lane[depth];
        for (int i = 0; i < depth; i++) {
            lanes[i] = new Lane(i, until, ended);
        }
        for (Lane lane : lanes) {
            if (target.isAsynchronous()) {
                lane.submit();
            } else {
                Thread.ofPlatform().daemon().start(lane::runSynchronously);
            }
        }
        ended.await();
        double seconds = (System.nanoTime() - begun) / 1e9;
        long total = Arrays.stream(lanes).mapToLong(lane -> lane.done).sum();
        long[] sorted =
                Arrays.stream(lanes)
                        .flatMapToLong(
                                lane ->
                                        Arrays.stream(
                                                lane.latencies,
                                                0,
                                                Math.min(lane.done, lane.latencies.length)))
                        .sorted()
                        .toArray();
        return new Figures(
                total / seconds, sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)]);
    }
}
