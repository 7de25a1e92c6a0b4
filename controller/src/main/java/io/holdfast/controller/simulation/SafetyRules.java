package io.holdfast.controller.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must hold at every moment, judged from outside (DESIGN.md, "Never", by their numbers).
 *
 * <ul>
 *   <li>1: at most one node may acknowledge writes to the volume.
 *   <li>3: who acknowledges has every write that was ever acknowledged: no replica that lacks some
 *       was promoted.
 *   <li>4, 5: the address is up on one node at most, and on none without a running lease; the
 *       volume is promoted on one node at most among those that may act.
 *   <li>Two nodes whose logs end at the same position have the same state.
 * </ul>
 */
final class SafetyRules {
    private final Simulation simulation;
    private final List<Long> acknowledged = new ArrayList<>();
    private final Map<LogPosition, String> states = new TreeMap<>();

    SafetyRules(Simulation simulation) {
        this.simulation = simulation;
    }

    void check(Iterable<SimulatedController> nodes) {
        NodeId acting = null;
        NodeId withAddress = null;
        for (SimulatedController node : nodes) {
            if (node.mayAct()) {
                Invariant.check(
                        acting == null, "%s and %s may both act as Primary", acting, node.id());
                acting = node.id();
            }
            if (node.hasAddressUp()) {
                Invariant.check(
                        withAddress == null,
                        "the address is up on %s and on %s",
                        withAddress,
                        node.id());
                withAddress = node.id();
            }
        }
    }

    /** The Primary {@code node} acknowledges its last write. */
    void acknowledged(NodeId node, List<Long> writes) {
        Invariant.check(
                writes.size() >= acknowledged.size()
                        && writes.subList(0, acknowledged.size()).equals(acknowledged),
                "%s acknowledges %s but %s was acknowledged before",
                node,
                writes,
                acknowledged);
        acknowledged.addAll(writes.subList(acknowledged.size(), writes.size()));
    }

    int acknowledgedCount() {
        return acknowledged.size();
    }

    /** The state on a node's disk. */
    void stored(NodeId node, ClusterState state) {
        String summary =
                state.installedTerm()
                        + " "
                        + state.installedMembers()
                        + " "
                        + state.leftOut()
                        + " "
                        + state.cib().version()
                        + " "
                        + state.volumes();
        String before = states.putIfAbsent(state.position(), summary);
        Invariant.check(
                before == null || before.equals(summary),
                "at %s %s has %s, another node had %s",
                state.position(),
                node,
                summary,
                before);
        simulation.note(node + " has " + state.position());
    }
}
