package io.holdfast.controller.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.Membership;
import io.holdfast.membership.MembershipListener;
import io.holdfast.membership.MembershipStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A membership moved by hand: the test answers for the voter and sees what is sent. */
final class HandMembership implements Membership {
    final NodeId self = new NodeId("a");
    final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

    /**
     * Set: the voter answers at once. Otherwise its answers are kept here until the test gives
     * them.
     */
    volatile boolean voterAnswers = true;

    final List<CompletableFuture<Boolean>> unanswered = new ArrayList<>();

    volatile boolean witnessFails;
    volatile Runnable duringBroadcast = () -> {};
    final AtomicInteger anchorings = new AtomicInteger();

    ClusterView alone(long term) {
        return new ClusterView(
                new Term(term),
                new TreeSet<>(List.of(self)),
                self,
                true,
                LogPosition.NONE,
                Optional.of(self));
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public void start(LogPosition logOnDisk, MembershipListener listener) {}

    @Override
    public MembershipStatus status() {
        throw new UnsupportedOperationException("nobody asks in these tests");
    }

    @Override
    public void send(NodeId to, byte[] payload) {
        sent.add(payload);
    }

    @Override
    public void broadcast(byte[] payload) {
        duringBroadcast.run();
        sent.add(payload);
    }

    @Override
    public synchronized CompletionStage<Boolean> positionReached(Term term, LogPosition position) {
        if (voterAnswers) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        unanswered.add(answer);
        return answer;
    }

    synchronized void voterAnswersLate() {
        voterAnswers = true;
        unanswered.forEach(answer -> answer.complete(true));
    }

    @Override
    public CompletionStage<Void> anchorAtWitness(Term term, LogPosition position) {
        anchorings.incrementAndGet();
        return witnessFails
                ? CompletableFuture.failedFuture(new IllegalStateException("no witness"))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, LoopPulse> loops() {
        return Map.of();
    }

    @Override
    public void close() {}
}
