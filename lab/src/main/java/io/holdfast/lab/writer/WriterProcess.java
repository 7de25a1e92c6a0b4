package io.holdfast.lab.writer;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.world.HostProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The lab's end of a writer: sends it commands, keeps what it tells. */
public final class WriterProcess implements AutoCloseable {
    private static final int LINES_KEPT = 200;
    private static final int DAMAGES_TOLD = 10;
    private static final long STOP_MILLIS = 5_000;

    /** What reading back showed: how many blocks, and what is wrong with those that are. */
    public record Verification(long blocks, long damaged, List<String> damages) {
        public boolean intact() {
            return damaged == 0;
        }
    }

    private final HostProcess process;
    private final AckTimeline timeline = new AckTimeline();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final LinkedBlockingQueue<WriterLine> answers = new LinkedBlockingQueue<>();
    private final ArrayDeque<String> lastLines = new ArrayDeque<>();

    private WriterProcess(HostProcess process) {
        this.process = process;
    }

    /** Follows a process that was started as {@code holdfast lab-writer}. */
    public static WriterProcess follow(HostProcess process) {
        WriterProcess writer = new WriterProcess(process);
        Thread.ofPlatform().daemon().name("writer-output").start(writer::readLines);
        return writer;
    }

    public AckTimeline timeline() {
        return timeline;
    }

    /** Waits until it is logged in for the first time. */
    public void awaitReady(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!ready.await(50, TimeUnit.MILLISECONDS)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw failed("did not reach its disk within " + timeoutMillis + " ms");
            }
        }
    }

    /** Stops new writes and waits until none is under way. */
    public void pause(long timeoutMillis) throws InterruptedException {
        send("pause");
        await(WriterLine.Paused.class, timeoutMillis);
    }

    /** Goes on writing. */
    public void resume(long timeoutMillis) throws InterruptedException {
        send("resume");
        await(WriterLine.Resumed.class, timeoutMillis);
    }

    /** Has every acknowledged block read back. */
    public Verification verify(long timeoutMillis) throws InterruptedException {
        List<String> damages = new ArrayList<>();
        send("verify");
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            switch (next(deadline, "verified")) {
                case WriterLine.Damaged(long block, String text) -> {
                    if (damages.size() < DAMAGES_TOLD) {
                        damages.add("block " + block + ": " + text);
                    }
                }
                case WriterLine.Verified(long blocks, long damaged) -> {
                    return new Verification(blocks, damaged, damages);
                }
                default -> {
                    // an answer to something else
                }
            }
        }
    }

    /** The last lines it printed, acknowledgements left out. */
    public List<String> lastLines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                send("stop");
                if (!process.waitFor(STOP_MILLIS)) {
                    process.signal(9);
                }
            }
        } catch (ProblemException e) {
            // It has ended by itself, which is what is wanted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readLines() {
        try (BufferedReader lines = process.output()) {
            String line;
            while ((line = lines.readLine()) != null) {
                Optional<WriterLine> known = WriterLine.parse(line);
                if (known.isEmpty() || !(known.get() instanceof WriterLine.Acknowledged)) {
                    keep(line);
                }
                known.ifPresent(this::take);
            }
        } catch (IOException e) {
            keep("its output can no longer be read: " + e.getMessage());
        }
    }

    private void take(WriterLine line) {
        switch (line) {
            case WriterLine.Ready _ -> ready.countDown();
            case WriterLine.Acknowledged(long _, long _, long atNanos) ->
                    timeline.acknowledged(atNanos);
            case WriterLine.Paused(long atNanos) -> {
                timeline.paused(atNanos);
                answers.add(line);
            }
            case WriterLine.Resumed(long atNanos) -> {
                timeline.resumed(atNanos);
                answers.add(line);
            }
            case WriterLine.Damaged _, WriterLine.Verified _ -> answers.add(line);
            case WriterLine.Note _ -> {
                // kept among the last lines
            }
        }
    }

    private void keep(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > LINES_KEPT) {
                lastLines.removeFirst();
            }
        }
    }

    private void await(Class<? extends WriterLine> wanted, long timeoutMillis)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!wanted.isInstance(next(deadline, wanted.getSimpleName()))) {
            // an answer to something else
        }
    }

    private WriterLine next(long deadlineNanos, String wanted) throws InterruptedException {
        while (System.nanoTime() - deadlineNanos < 0) {
            WriterLine answer = answers.poll(50, TimeUnit.MILLISECONDS);
            if (answer != null) {
                return answer;
            }
            if (!process.isAlive() && answers.isEmpty()) {
                throw failed("ended before it said \"" + wanted + "\"");
            }
        }
        throw failed("did not say \"" + wanted + "\" in time");
    }

    private void send(String command) {
        try {
            OutputStream in = process.input();
            in.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw failed("cannot be told to " + command + ": " + e.getMessage());
        }
    }

    private ProblemException failed(String what) {
        List<String> lines = lastLines();
        String last = lines.isEmpty() ? "it printed nothing" : "its last line: " + lines.getLast();
        return new ProblemException(
                new Problem(
                        "the writer " + what,
                        process.toString(),
                        last,
                        "look at the targets with `holdfast status` on a node, and at the"
                                + " daemons' logs"));
    }
}
