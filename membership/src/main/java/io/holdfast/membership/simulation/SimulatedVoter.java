package io.holdfast.membership.simulation;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.codec.VoterStateCodec;
import io.holdfast.membership.core.Voter;
import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterEffect;
import io.holdfast.membership.core.VoterRequest;
import io.holdfast.membership.core.VoterState;
import io.holdfast.simulator.SimulatedNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A {@link Voter} on a simulated node: nothing happens while it waits for its disk. */
final class SimulatedVoter {
    private static final String FILE = "voter";

    private final SimulatedNode node;
    private final SafetyRules rules;
    private final BiConsumer<NodeId, VoterAnswer> answers;
    private final Voter voter;
    private final Deque<Supplier<List<VoterEffect>>> waitingForDisk = new ArrayDeque<>();
    private boolean storing;

    /** Boots from the node's disk. */
    SimulatedVoter(
            SimulatedNode node,
            LogPosition logOnDisk,
            SafetyRules rules,
            BiConsumer<NodeId, VoterAnswer> answers) {
        this.node = node;
        this.rules = rules;
        this.answers = answers;
        VoterState remembered = stateOnDisk(node);
        rules.remembered(node.id(), remembered.term());
        voter = new Voter(remembered.reaching(logOnDisk), node.nanoTime());
    }

    static VoterState stateOnDisk(SimulatedNode node) {
        return node.disk()
                .read(FILE)
                .map(bytes -> VoterStateCodec.decode(bytes, FILE))
                .orElse(VoterState.EMPTY);
    }

    /** Takes the disk's files away. */
    static void loseDisk(SimulatedNode node) {
        node.disk().delete(FILE);
        node.disk().delete(SimulatedLog.FILE);
    }

    Term acceptedTerm() {
        return voter.state().term();
    }

    long silentUntilNanos() {
        return voter.silentUntilNanos();
    }

    void request(NodeId from, VoterRequest request) {
        run(() -> voter.requestReceived(from, request, node.nanoTime()));
    }

    /** Tells {@code counts} whether the position may be confirmed. */
    void positionReached(
            Term viewTerm, LogPosition position, boolean caughtUp, Consumer<Boolean> counts) {
        run(
                () -> {
                    boolean accepted = voter.accepts(viewTerm);
                    List<VoterEffect> effects =
                            voter.positionReached(position, caughtUp && accepted);
                    counts.accept(accepted);
                    return effects;
                });
    }

    private void run(Supplier<List<VoterEffect>> event) {
        if (storing) {
            waitingForDisk.addLast(event);
            return;
        }
        carryOut(new ArrayDeque<>(event.get()));
    }

    private void carryOut(Deque<VoterEffect> effects) {
        while (!effects.isEmpty()) {
            switch (effects.removeFirst()) {
                case VoterEffect.StoreState store -> {
                    storing = true;
                    node.disk().replace(FILE, VoterStateCodec.encode(store.state()));
                    node.disk().sync(() -> stored(effects));
                    return;
                }
                case VoterEffect.Answer answer -> {
                    if (answer.answer() instanceof VoterAnswer.ProposalAccepted) {
                        rules.accepted(node.id(), voter.state().term());
                    }
                    answers.accept(answer.to(), answer.answer());
                }
            }
        }
        wakeWhenWanted();
    }

    private void stored(Deque<VoterEffect> rest) {
        storing = false;
        carryOut(rest);
        while (!storing && !waitingForDisk.isEmpty()) {
            run(waitingForDisk.removeFirst());
        }
    }

    private void wakeWhenWanted() {
        OptionalLong wakeAt = voter.wakeAtNanos();
        if (wakeAt.isPresent()) {
            long delay = Math.max(0, wakeAt.getAsLong() - node.nanoTime());
            node.after(delay, () -> run(() -> voter.timePassed(node.nanoTime())));
        }
    }
}
