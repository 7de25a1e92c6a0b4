package io.holdfast.controller.simulation;

import static io.holdfast.controller.simulation.SimulatedMembership.MILLI;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A replica of the volume as a list of writes. As Primary it writes as fast as it may: a write is
 * acknowledged when each other replica has it, or is recorded Outdated.
 */
final class SimulatedReplica {
    private final ControllerSimulation.Cluster cluster;
    private final SimulatedController node;

    // On disk.
    private List<Long> writes = new ArrayList<>();
    private Epoch seen = Epoch.NONE;

    // Of a Primary: who has all, who is recorded not to.
    private final SortedSet<NodeId> inSync = new TreeSet<>();
    private final SortedSet<NodeId> recordedOutdated = new TreeSet<>();
    private boolean recording;
    private long promotion;

    SimulatedReplica(ControllerSimulation.Cluster cluster, SimulatedController node) {
        this.cluster = cluster;
        this.node = node;
    }

    void processBegan() {
        demoted();
    }

    void promoted(Epoch epoch) {
        demoted();
        seen = epoch;
        long mine = promotion;
        node.later(0, MILLI, () -> work(mine, epoch));
    }

    void demoted() {
        promotion++;
        inSync.clear();
        recordedOutdated.clear();
        recording = false;
    }

    private void work(long mine, Epoch epoch) {
        if (mine != promotion) {
            return;
        }
        if (node.mayAct()) {
            write(epoch);
        }
        node.later(5 * MILLI, 40 * MILLI, () -> work(mine, epoch));
    }

    private void write(Epoch epoch) {
        writes.add(cluster.nextWrite());
        boolean durable = true;
        for (SimulatedController peer : cluster.others(node.id())) {
            boolean connected = isConnected(peer, epoch);
            if (!connected) {
                inSync.remove(peer.id());
            } else if (inSync.contains(peer.id())) {
                peer.replica().follow(this);
            } else if (cluster.simulation().chance(0.3)) {
                peer.replica().follow(this); // the resync is done
                inSync.add(peer.id());
                reinstate(peer.id(), epoch);
            }
            boolean has = inSync.contains(peer.id());
            boolean outdated = recordedOutdated.contains(peer.id());
            if (!has && !outdated) {
                durable = false;
                record(
                        new Change.OutdateReplica(
                                ControllerSimulation.VOLUME, node.id(), epoch, peer.id()),
                        peer.id());
            }
        }
        if (durable && node.mayAct()) {
            cluster.rules().acknowledged(node.id(), writes);
        }
    }

    private boolean isConnected(SimulatedController peer, Epoch epoch) {
        return peer.isUp()
                && node.hears(peer.id())
                && peer.hears(node.id())
                && peer.replica().seen.compareTo(epoch) <= 0;
    }

    private void follow(SimulatedReplica primary) {
        writes = new ArrayList<>(primary.writes);
        seen = primary.seen;
    }

    /** From when it is asked, nobody can rely on the record any more. */
    private void reinstate(NodeId peer, Epoch epoch) {
        recordedOutdated.remove(peer);
        if (!recording) {
            recording = true;
            long mine = promotion;
            node.ask(
                    new Change.ReinstateReplica(
                            ControllerSimulation.VOLUME, node.id(), epoch, peer),
                    _ -> recorded(mine));
        }
    }

    private void record(Change change, NodeId peer) {
        if (recording) {
            return;
        }
        recording = true;
        long mine = promotion;
        node.ask(
                change,
                outcome -> {
                    if (recorded(mine) && outcome instanceof ChangeOutcome.Accepted) {
                        recordedOutdated.add(peer);
                    }
                });
    }

    private boolean recorded(long mine) {
        if (mine != promotion) {
            return false;
        }
        recording = false;
        return true;
    }
}
