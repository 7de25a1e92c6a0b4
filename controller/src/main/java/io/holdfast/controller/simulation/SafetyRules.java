package io.holdfast.controller.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.Collection;
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

    void check(Collection<SimulatedController> nodes) {
        List<NodeId> acting = new ArrayList<>();
        List<NodeId> withAddress = new ArrayList<>();
        for (SimulatedController node : nodes) {
            if (node.mayAct()) {
                acting.add(node.id());
            }
            if (node.hasAddressUp()) {
                withAddress.add(node.id());
            }
        }
        Invariant.check(acting.size() <= 1, "%s may act as Primary at once", acting);
        Invariant.check(withAddress.size() <= 1, "the address is up on %s", withAddress);
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
