package io.holdfast.controller.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.cib.Cib;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.membership.ClusterView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Controllers that hear each other through a queue, with disks and a witness that do what they are
 * told at once. Views are given by the test, as membership would announce them.
 */
final class TestCluster {
    static final NodeId A = new NodeId("a");
    static final NodeId B = new NodeId("b");

    private static final Votes VOTES = new Votes(new TreeMap<>(Map.of(A, 1, B, 1)), 2);

    private record Delivery(NodeId to, ControllerEvent event) {}

    private final Map<NodeId, ControllerCore> cores = new TreeMap<>();
    private final Map<NodeId, ClusterState> disks = new TreeMap<>();
    private final Map<NodeId, NodeReport> reports = new TreeMap<>();
    private final Deque<Delivery> queue = new ArrayDeque<>();
    private final Set<NodeId> members = new TreeSet<>();
    final List<String> surrendered = new ArrayList<>();
    final Map<Long, ChangeOutcome> outcomes = new TreeMap<>();
    final List<Effect.Warn> warnings = new ArrayList<>();
    final Map<NodeId, Term> applied = new TreeMap<>();
    LogPosition witness = LogPosition.NONE;

    /** What status commands would tell. */
    final Map<NodeId, Cib> shown = new TreeMap<>();

    /** Operations that executors were given and have not answered. */
    final List<Ordered> ordered = new ArrayList<>();

    record Ordered(NodeId node, OperationOrder order) {
        @Override
        public String toString() {
            return order.resource() + " " + order.task() + " on " + node;
        }
    }

    /** Nodes whose voter has accepted a newer term: what they store does not count. */
    final Set<NodeId> unconfirming = new TreeSet<>();

    /** Whether answers to changes do not arrive. */
    boolean losesAnswers;

    /** Whether entries do not, and the states from which terms begin. */
    boolean losesEntries;

    boolean losesStates;

    /** Whether giving up takes until {@link #surrenderEnds}. */
    boolean surrendersSlowly;

    private long term;
    private long lastRequest;
    private int lastCall;

    /** Starts a node from its disk; its controller remembers nothing else. */
    void boot(NodeId node) {
        cores.put(
                node,
                new ControllerCore(
                        node,
                        VOTES,
                        disks.getOrDefault(node, ClusterState.empty()),
                        agent -> true));
        reports.put(
                node,
                new NodeReport(
                        List.of(), new NodeAttributes(node, new TreeMap<>()), new TreeMap<>()));
    }

    void grants(NodeId node, VolumeRecordGrant grant) {
        var granted = new TreeMap<>(reports.get(node).granted());
        granted.put(grant.volume(), grant.epoch());
        reports.put(node, new NodeReport(List.of(), reports.get(node).attributes(), granted));
    }

    record VolumeRecordGrant(io.holdfast.base.VolumeId volume, io.holdfast.base.Epoch epoch) {}

    /** The next quorate view; the first named coordinates. */
    void view(NodeId coordinator, NodeId... others) {
        term++;
        members.clear();
        members.add(coordinator);
        members.addAll(List.of(others));
        queue.clear();
        Optional<NodeId> holder = Optional.empty();
        LogPosition latest = witness;
        for (NodeId member : members) {
            LogPosition position = core(member).state().position();
            if (position.compareTo(latest) >= 0) {
                latest = position;
                holder = Optional.of(member);
            }
        }
        ClusterView view =
                new ClusterView(
                        new Term(term), new TreeSet<>(members), coordinator, true, latest, holder);
        for (NodeId member : members) {
            queue.add(new Delivery(member, new ControllerEvent.ViewChanged(view)));
        }
        settle();
    }

    long ask(NodeId node, Change change) {
        long request = ++lastRequest;
        queue.add(new Delivery(node, new ControllerEvent.ChangeAsked(request, change)));
        settle();
        return request;
    }

    ControllerCore core(NodeId node) {
        return cores.get(node);
    }

    void settle() {
        while (!queue.isEmpty()) {
            Delivery next = queue.removeFirst();
            for (Effect effect : core(next.to()).handle(next.event(), 1_000)) {
                carryOut(next.to(), effect);
            }
        }
    }

    private void carryOut(NodeId node, Effect effect) {
        switch (effect) {
            case Effect.Send e -> deliver(node, e.to(), e.message());
            case Effect.Broadcast e -> {
                for (NodeId member : members) {
                    if (!member.equals(node)) {
                        // Broadcasts and messages to one member are not in order with each other.
                        queue.addFirst(
                                new Delivery(
                                        member,
                                        new ControllerEvent.MessageReceived(node, e.message())));
                    }
                }
            }
            case Effect.StoreEntry e -> {
                disks.put(node, core(node).state());
                stored(node, e.position());
            }
            case Effect.StoreState e -> {
                disks.put(node, e.state());
                stored(node, e.state().position());
            }
            case Effect.AnchorAtWitness e -> {
                witness = e.position();
                queue.add(new Delivery(node, new ControllerEvent.PositionAnchored(e.position())));
            }
            case Effect.Surrender e -> {
                surrendered.add(node.name());
                if (!surrendersSlowly) {
                    queue.add(new Delivery(node, new ControllerEvent.Surrendered()));
                }
            }
            case Effect.ApplyState e -> applied.put(node, e.term());
            case Effect.PrepareReport e ->
                    queue.add(
                            new Delivery(
                                    node,
                                    new ControllerEvent.ReportPrepared(
                                            e.term(), reports.get(node))));
            case Effect.AnswerChange e -> outcomes.put(e.requestId(), e.outcome());
            case Effect.Warn e -> warnings.add(e);
            case Effect.Perform e -> ordered.add(new Ordered(node, e.order()));
            case Effect.ShowCib e -> shown.put(node, e.cib());
            case Effect.KeepInput _ -> {}
            case Effect.Tell e -> {}
        }
    }

    /** Every order is carried out as hoped, until there is none. */
    void performAll() {
        while (!ordered.isEmpty()) {
            Ordered next = ordered.removeFirst();
            int code = next.order().key().expectedRc();
            ended(next.node(), next.order(), next.order().task(), OperationStatus.DONE, code);
        }
    }

    /** The executor of {@code node} tells a result for the resource of {@code order}. */
    void ended(NodeId node, OperationOrder order, String task, OperationStatus status, int code) {
        ended(node, order, task, status, code, false);
    }

    /** An operation that failed, on a node that was without its lease. */
    void failedWithoutLease(NodeId node, OperationOrder order) {
        ended(node, order, order.task(), OperationStatus.DONE, 1, true);
    }

    private void ended(
            NodeId node,
            OperationOrder order,
            String task,
            OperationStatus status,
            int code,
            boolean withoutLease) {
        OperationRecord operation =
                new OperationRecord(
                        order.resource(),
                        order.agent(),
                        task,
                        order.intervalMillis(),
                        ++lastCall,
                        status,
                        code,
                        task.equals(order.task())
                                ? order.key()
                                : TransitionKey.unasked(lastCall, code),
                        "",
                        1,
                        1,
                        0,
                        0,
                        order.digests(),
                        null);
        queue.add(
                new Delivery(
                        node,
                        new ControllerEvent.OperationEnded(
                                new OperationReport(node, operation, withoutLease))));
        settle();
    }

    private void stored(NodeId node, LogPosition position) {
        if (!unconfirming.contains(node)) {
            queue.add(new Delivery(node, new ControllerEvent.StateStored(position)));
        }
    }

    void surrenderEnds(NodeId node) {
        queue.add(new Delivery(node, new ControllerEvent.Surrendered()));
        settle();
    }

    private void deliver(NodeId from, NodeId to, ControllerMessage message) {
        boolean lost =
                switch (message) {
                    case ControllerMessage.ChangeAnswered _ -> losesAnswers;
                    case ControllerMessage.EntryAppended _ -> losesEntries;
                    case ControllerMessage.StateInstalled _ -> losesStates;
                    default -> false;
                };
        if (members.contains(to) && !lost) {
            queue.add(new Delivery(to, new ControllerEvent.MessageReceived(from, message)));
        }
    }
}
