package io.holdfast.controller.simulation;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.controller.core.Votes;
import io.holdfast.membership.ClusterView;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A membership that promises what docs/adr/0002 says, and not more: its views guess, come late, and
 * leave out nodes that are well. That the promises can be kept is the quorum simulation's matter.
 *
 * <pre>
 * look -> group S may have quorum -> leases of others are not renewed
 *      -> D later: voters of S accept term + 1 and tell their positions (nobody of S died meanwhile)
 *      -> each of S is told the view, in its own time; leases of the term begin
 * </pre>
 */
final class SimulatedMembership {
    static final long MILLI = 1_000_000;
    private static final long LEASE_NANOS = 600 * MILLI;
    private static final long RENEWAL_NANOS = 150 * MILLI;

    /** The witness's vote and memory. */
    private static final class Witness {
        Term accepted = Term.NONE;
        LogPosition position = LogPosition.NONE;
        boolean up = true;
    }

    private final Simulation simulation;
    private final SortedMap<NodeId, SimulatedController> nodes;
    private final Votes votes;
    private final boolean witnessed;
    private final Witness witness = new Witness();
    private final SortedMap<NodeId, SortedSet<NodeId>> groups = new TreeMap<>();
    private @Nullable SortedSet<NodeId> proposed;
    private SortedSet<NodeId> members = new TreeSet<>();
    private long term;
    private @Nullable ClusterView current;
    private boolean lull;
    private boolean broken;
    private boolean guessesWrong = true;

    SimulatedMembership(
            Simulation simulation,
            SortedMap<NodeId, SimulatedController> nodes,
            Votes votes,
            boolean witnessed) {
        this.simulation = simulation;
        this.nodes = nodes;
        this.votes = votes;
        this.witnessed = witnessed;
    }

    void start() {
        look();
        renew();
    }

    void guessRightFromNowOn() {
        guessesWrong = false;
        witness.up = true;
    }

    Term term() {
        return new Term(term);
    }

    SortedSet<NodeId> members() {
        return members;
    }

    /** Whether messages between the two get through in the end: both are in one group. */
    boolean areTogether(NodeId one, NodeId other) {
        return groups.getOrDefault(one, new TreeSet<>()).contains(other)
                && groups.getOrDefault(other, new TreeSet<>()).contains(one);
    }

    /** A new process is a new member. */
    void left(NodeId node) {
        groups.remove(node);
        groups.values().forEach(group -> group.remove(node));
        members.remove(node);
    }

    boolean keepsAtWitness(NodeId from, Term viewTerm, LogPosition position) {
        boolean kept = witnessed && witness.up && witness.accepted.equals(viewTerm);
        if (kept && position.compareTo(witness.position) > 0) {
            simulation.note("the witness keeps " + position + " of " + from);
            witness.position = position;
        }
        return kept;
    }

    private SimulatedController node(NodeId id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    // --- groups --------------------------------------------------------------------------------

    private void look() {
        simulation.after(
                simulation.randomNanos(30 * MILLI, 300 * MILLI),
                () -> {
                    if (guessesWrong && simulation.chance(0.1)) {
                        witness.up = !witness.up;
                    }
                    regroup();
                    look();
                });
    }

    private void regroup() {
        List<SortedSet<NodeId>> found = new ArrayList<>();
        for (SimulatedController node : nodes.values()) {
            if (!node.isUp()) {
                groups.remove(node.id());
                continue;
            }
            boolean alone = guessesWrong && simulation.chance(0.02);
            found.stream()
                    .filter(group -> !alone && group.stream().allMatch(node::hears))
                    .findFirst()
                    .ifPresentOrElse(
                            group -> group.add(node.id()),
                            () -> found.add(new TreeSet<>(List.of(node.id()))));
        }
        // Who was out of a group for a moment has missed messages: only a new term brings all.
        broken |=
                found.stream()
                        .noneMatch(group -> group.equals(members) && members.equals(allIn(group)));
        for (SortedSet<NodeId> group : found) {
            group.forEach(node -> groups.put(node, new TreeSet<>(group)));
        }
        if (proposed == null) {
            found.stream().filter(this::isNews).findFirst().ifPresent(this::propose);
        }
        for (SortedSet<NodeId> group : found) {
            if (!mayHaveQuorum(group) && !group.equals(proposed)) {
                for (NodeId node : group) {
                    node(node).isTold(Term.NONE);
                    node(node).viewChanged(withoutQuorum(group));
                }
            }
        }
    }

    private boolean isNews(SortedSet<NodeId> group) {
        boolean allKnow =
                group.equals(members) && group.stream().allMatch(node -> node(node).isIn(term()));
        return mayHaveQuorum(group) && (broken || !allKnow);
    }

    private SortedSet<NodeId> allIn(SortedSet<NodeId> group) {
        return new TreeSet<>(
                group.stream().filter(node -> group.equals(groups.get(node))).toList());
    }

    private boolean mayHaveQuorum(SortedSet<NodeId> group) {
        int has = group.stream().mapToInt(node -> votes.ofNodes().getOrDefault(node, 0)).sum();
        return has + (witnessed && witness.up ? 1 : 0) >= votes.quorum();
    }

    private ClusterView withoutQuorum(SortedSet<NodeId> group) {
        return new ClusterView(
                term(), group, group.first(), false, LogPosition.NONE, Optional.empty());
    }

    // --- terms ---------------------------------------------------------------------------------

    private void propose(SortedSet<NodeId> group) {
        SortedSet<NodeId> set = new TreeSet<>(group);
        proposed = set;
        simulation.note("proposed: " + set);
        List<Long> lives = set.stream().map(node -> node(node).life()).toList();
        simulation.after(
                LEASE_NANOS + simulation.randomNanos(0, 20 * MILLI),
                () -> {
                    proposed = null;
                    boolean sameLives =
                            set.stream().map(node -> node(node).life()).toList().equals(lives)
                                    && set.stream().allMatch(node -> node(node).isUp());
                    if (sameLives && mayHaveQuorum(set)) {
                        accept(set);
                    }
                });
    }

    private void accept(SortedSet<NodeId> set) {
        term++;
        LogPosition latest = LogPosition.NONE;
        NodeId holder = null;
        for (NodeId node : set) {
            LogPosition position = node(node).accept(term());
            if (position.compareTo(latest) >= 0) {
                latest = position;
                holder = node;
            }
        }
        if (witnessed && witness.up) {
            witness.accepted = term();
            if (witness.position.compareTo(latest) > 0) {
                latest = witness.position;
                holder = null;
            }
        }
        members = new TreeSet<>(set);
        broken = false;
        List<NodeId> any = List.copyOf(set);
        ClusterView view =
                new ClusterView(
                        term(),
                        new TreeSet<>(set),
                        any.get(simulation.random().nextInt(any.size())),
                        true,
                        latest,
                        Optional.ofNullable(holder));
        simulation.note(view.toString());
        for (NodeId node : set) {
            SimulatedController told = node(node);
            told.isTold(term());
            told.later(0, 30 * MILLI, () -> told.viewChanged(view));
        }
        current = view;
    }

    /** Votes are missing for a while and come back: the same term goes on. */
    private void loseQuorumForAWhile() {
        ClusterView lost = current;
        if (lost == null || proposed != null || !lost.members().equals(members)) {
            return;
        }
        lull = true;
        tell(lost, false);
        simulation.after(
                simulation.randomNanos(100 * MILLI, 1_500 * MILLI),
                () -> {
                    lull = false;
                    if (lost.equals(current)) {
                        tell(lost, true);
                    }
                });
    }

    private void tell(ClusterView view, boolean quorate) {
        ClusterView told =
                new ClusterView(
                        view.term(),
                        view.members(),
                        view.coordinator(),
                        quorate,
                        view.latest(),
                        view.latestHolder());
        for (NodeId node : view.members()) {
            if (node(node).isIn(view.term())) {
                node(node).viewChanged(told);
            }
        }
    }

    // --- leases --------------------------------------------------------------------------------

    private void renew() {
        simulation.after(
                RENEWAL_NANOS,
                () -> {
                    SortedSet<NodeId> next = proposed;
                    if (guessesWrong && !lull && simulation.chance(0.01)) {
                        loseQuorumForAWhile();
                    }
                    for (NodeId node : members) {
                        if (!lull && (next == null || next.contains(node)) && node(node).isUp()) {
                            node(node).leaseExtended(term(), simulation.nowNanos() + LEASE_NANOS);
                        }
                    }
                    renew();
                });
    }
}
