package io.holdfast.lab.writer;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A disk in memory that can be unreachable, deaf, suspended, or forget what it acknowledged. */
final class FakeDisk implements Disk {
    enum Mode {
        WELL,
        /** Sessions break, and no new one is made. */
        GONE,
        /** Sessions stay, but nothing is answered, not even a ping; new sessions work. */
        DEAF_SESSIONS,
        /** Pings are answered, everything else waits. */
        SUSPENDED
    }

    private final ScheduledExecutorService answers = Executors.newSingleThreadScheduledExecutor();
    private final Map<Long, byte[]> content = new HashMap<>();
    private Mode mode = Mode.WELL;
    private FakeSession current;
    private int sessions;

    synchronized void set(Mode newMode) {
        mode = newMode;
        if (newMode == Mode.GONE && current != null) {
            current.broken = true;
        }
        if (newMode == Mode.DEAF_SESSIONS && current != null) {
            current.deaf = true;
        }
        notifyAll();
    }

    synchronized int sessions() {
        return sessions;
    }

    synchronized void forget(long block) {
        content.remove(block);
    }

    synchronized void put(long block, NumberedBlock other) {
        ByteBuffer bytes = ByteBuffer.allocate(NumberedBlock.BYTES);
        other.encode(bytes);
        content.put(block, bytes.array());
    }

    void close() {
        answers.shutdownNow();
    }

    @Override
    public synchronized Session connect() throws InterruptedException {
        while (mode == Mode.GONE) {
            wait();
        }
        sessions++;
        current = new FakeSession();
        return current;
    }

    private final class FakeSession implements Session {
        private boolean broken;
        private boolean deaf;

        @Override
        public void write(long block, ByteBuffer from, Completion completion) {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            answer(completion, false, () -> content.put(block, bytes));
        }

        @Override
        public void flush(Completion completion) {
            answer(completion, false, () -> {});
        }

        @Override
        public void ping(Completion completion) {
            answer(completion, true, () -> {});
        }

        @Override
        public void read(long block, ByteBuffer into) {
            synchronized (FakeDisk.this) {
                for (long b = block; into.hasRemaining(); b++) {
                    into.put(content.getOrDefault(b, new byte[NumberedBlock.BYTES]));
                }
            }
        }

        @Override
        public void close() {
            broken = true;
        }

        private void answer(Completion completion, boolean ping, Runnable effect) {
            answers.execute(
                    () -> {
                        synchronized (FakeDisk.this) {
                            if (mode == Mode.SUSPENDED && !ping && !broken) {
                                answerLater(completion, effect);
                                return;
                            }
                            if (deaf) {
                                return;
                            }
                            if (!broken) {
                                effect.run();
                            }
                        }
                        completion.done(broken ? Outcome.BROKEN : Outcome.OK, "fake");
                    });
        }

        private void answerLater(Completion completion, Runnable effect) {
            answers.schedule(() -> answer(completion, false, effect), 5, TimeUnit.MILLISECONDS);
        }
    }
}
