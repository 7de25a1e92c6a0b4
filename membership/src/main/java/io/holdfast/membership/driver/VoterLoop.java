package io.holdfast.membership.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.membership.core.Voter;
import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterEffect;
import io.holdfast.membership.core.VoterRequest;
import io.holdfast.membership.core.VoterState;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A voter with its disk and its thread. It may wait for the disk here: heartbeats and this node's
 * own lease live on another thread.
 */
final class VoterLoop implements AutoCloseable {
    /** More than this many unanswered requests are dropped; they come again. */
    private static final int LONGEST_QUEUE = 1_000;

    private final VoterStateFile file;
    private final BiConsumer<NodeId, VoterAnswer> answers;
    private final Consumer<Problem> problems;
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final LoopPulse pulse = new LoopPulse();
    private final Voter voter;
    private final Thread thread;
    private volatile boolean closed;
    private volatile Term acceptedTerm;

    /**
     * Reads the state; votes from {@link #start} on.
     *
     * @param logOnDisk the position of this voter's log; {@link LogPosition#NONE} for the witness
     * @param startedNanos when the lock on the directory was taken (rule 5)
     * @throws ProblemException when the state is damaged, the log is behind it, or the disk takes
     *     no writes
     */
    VoterLoop(
            String name,
            VoterStateFile file,
            LogPosition logOnDisk,
            boolean hasLog,
            long startedNanos,
            BiConsumer<NodeId, VoterAnswer> answers,
            Consumer<Problem> problems) {
        this.file = file;
        this.answers = answers;
        this.problems = problems;
        VoterState remembered = file.read();
        if (hasLog && logOnDisk.compareTo(remembered.position()) < 0) {
            throw new ProblemException(lostLog(remembered.position(), logOnDisk));
        }
        prove(file, remembered);
        this.voter = new Voter(remembered.reaching(logOnDisk), startedNanos);
        this.acceptedTerm = remembered.term();
        this.thread = Thread.ofPlatform().name("holdfast-" + name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    LoopPulse pulse() {
        return pulse;
    }

    Term acceptedTerm() {
        return acceptedTerm;
    }

    /** Until when the voter answers nothing (rule 5). */
    long silentUntilNanos() {
        return voter.silentUntilNanos();
    }

    void request(NodeId from, VoterRequest request) {
        if (queue.size() < LONGEST_QUEUE) {
            queue.add(() -> carryOut(voter.requestReceived(from, request, System.nanoTime())));
        }
    }

    /** Completes with whether the position counts under the view of this term (rule 6). */
    CompletableFuture<Boolean> positionReached(
            Term viewTerm, LogPosition position, boolean caughtUp) {
        CompletableFuture<Boolean> counts = new CompletableFuture<>();
        queue.add(
                () -> {
                    boolean accepted = voter.accepts(viewTerm);
                    carryOut(voter.positionReached(position, caughtUp && accepted));
                    counts.complete(accepted);
                });
        if (closed) {
            counts.complete(false);
        }
        return counts;
    }

    /** Our log has all that the quorate view of this term knows of (rule 7). */
    void caughtUp(Term viewTerm, LogPosition position) {
        queue.add(() -> carryOut(voter.positionReached(position, voter.accepts(viewTerm))));
    }

    @Override
    public void close() {
        closed = true;
        queue.add(() -> {});
    }

    private void run() {
        RealtimeThread.prefer();
        while (!closed) {
            try {
                Runnable next = nextUntilWake();
                pulse.begin("a request to the voter, or its disk");
                if (next != null && !closed) {
                    next.run();
                }
                carryOut(voter.timePassed(System.nanoTime()));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // A voter that broke an invariant, or could not store, votes no more.
                closed = true;
                problems.accept(stopped(e.toString()));
            } finally {
                pulse.end();
            }
        }
    }

    private @org.jspecify.annotations.Nullable Runnable nextUntilWake()
            throws InterruptedException {
        OptionalLong wakeAt = voter.wakeAtNanos();
        if (wakeAt.isEmpty()) {
            return queue.take();
        }
        long wait = wakeAt.getAsLong() - System.nanoTime();
        return queue.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS);
    }

    private void carryOut(List<VoterEffect> effects) {
        for (VoterEffect effect : effects) {
            if (closed) {
                return;
            }
            switch (effect) {
                case VoterEffect.StoreState store -> {
                    store(store.state());
                    // Before the answer goes out: the announcement that it may bring about is only
                    // believed by a node whose voter has accepted the term.
                    acceptedTerm = store.state().term();
                }
                case VoterEffect.Answer answer -> answers.accept(answer.to(), answer.answer());
            }
        }
    }

    private void store(VoterState state) {
        try {
            file.write(state);
        } catch (IOException e) {
            closed = true;
            problems.accept(stopped(e.toString()));
        }
    }

    /**
     * A member whose voter cannot store accepts no term, and so keeps all others from one too: it
     * must not join in the first place.
     */
    private static void prove(VoterStateFile file, VoterState remembered) {
        try {
            file.write(remembered);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "voter state cannot be written",
                            file.toString(),
                            e.toString(),
                            "mend the disk, or make room on it (df, dmesg), then start again"),
                    e);
        }
    }

    private Problem stopped(String why) {
        return new Problem(
                "this voter has stopped voting",
                file.toString(),
                why,
                "mend the disk (df, dmesg), then restart this daemon");
    }

    private Problem lostLog(LogPosition confirmed, LogPosition found) {
        return new Problem(
                "the configuration log is shorter than this node once confirmed",
                file.toString(),
                "the log ends at " + found + ", but " + confirmed + " was confirmed",
                "bring back the log, or, when all other nodes and the witness are up and well, move"
                        + " both the log and this file away: the node then fetches all from the"
                        + " others");
    }
}
