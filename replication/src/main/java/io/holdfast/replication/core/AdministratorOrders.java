package io.holdfast.replication.core;

import io.holdfast.base.Problem;
import java.util.function.Predicate;

/**
 * What a person orders: drbdadm's connect, disconnect, invalidate, outdate, pause-sync, resume-sync
 * and verify. Each is refused, with the reason, where it could lose data or cannot be meant.
 *
 * <pre>
 *  order        refused when
 *  connect      --discard-my-data: on a Primary
 *  disconnect   (never)
 *  invalidate   Primary; no peer with good data is there, nor was one found in a split brain
 *  outdate      Primary; connected; its data is not even consistent
 *  verify       no peer is connected and equal, or none is Primary
 * </pre>
 */
final class AdministratorOrders {
    private final VolumeEngine engine;

    AdministratorOrders(VolumeEngine engine) {
        this.engine = engine;
    }

    void connect(boolean discardMyData, ControlResult result) {
        if (discardMyData && engine.isPrimaryOrDemoting()) {
            result.refused(
                    problem(
                            "its data is not discarded",
                            "it is Primary, and its users would see it change",
                            "demote it first"));
            return;
        }
        engine.links().forEach(link -> link.allowConnecting(discardMyData));
        result.done();
    }

    void disconnect(ControlResult result) {
        engine.links().forEach(PeerLink::stayAlone);
        engine.out.stateChanged();
        result.done();
    }

    void invalidate(ControlResult result) {
        Predicate<PeerLink> hasGoodData =
                link -> link.disk == DiskState.UP_TO_DATE || link.splitFrom() != null;
        if (engine.role() == Role.PRIMARY || engine.roles.isPromoting()) {
            result.refused(
                    problem("its data is not invalidated", "it is Primary", "demote it first"));
        } else if (engine.links().stream().noneMatch(hasGoodData)) {
            result.refused(
                    problem(
                            "its data is not invalidated",
                            "no replica with good data is connected, so this may be the last one",
                            "connect it to a replica that is UpToDate first"));
        } else {
            engine.state.wantsAll = true;
            engine.setDisk(DiskState.INCONSISTENT);
            engine.state.persist(
                    () -> {
                        for (PeerLink link : engine.links()) {
                            link.drop("this replica is invalidated");
                            link.allowConnecting(false);
                        }
                        result.done();
                    });
        }
    }

    void outdate(ControlResult result) {
        boolean connected =
                engine.links().stream().anyMatch(l -> l.replication != ReplicationState.OFF);
        if (engine.role() == Role.PRIMARY || engine.roles.isPromoting() || connected) {
            result.refused(
                    problem(
                            "its data is not outdated",
                            connected ? "it is connected to a peer" : "it is Primary",
                            connected ? "disconnect it first" : "demote it first"));
        } else if (engine.disk().compareTo(DiskState.CONSISTENT) < 0) {
            if (engine.disk() == DiskState.OUTDATED) {
                result.done();
            } else {
                result.refused(
                        problem(
                                "its data is not outdated",
                                "its disk is " + engine.disk().shown(),
                                "nothing: it cannot be promoted as it is"));
            }
        } else {
            engine.setDisk(DiskState.OUTDATED);
            engine.state.persist(result::done);
        }
    }

    void pauseSync(boolean pause, ControlResult result) {
        engine.setSyncPaused(pause);
        for (PeerLink link : engine.links()) {
            if (link.replication != ReplicationState.OFF) {
                engine.out.send(link.index, new PeerMessage.SyncPaused(pause));
            }
        }
        engine.out.stateChanged();
        result.done();
    }

    void verify(ControlResult result) {
        int begun = 0;
        for (PeerLink link : engine.links()) {
            begun += link.startVerify() ? 1 : 0;
        }
        if (begun > 0) {
            engine.out.stateChanged();
            result.done();
        } else {
            result.refused(
                    problem(
                            "nothing is verified",
                            "no peer is connected and equal, or none of them is Primary",
                            "promote one, wait until the resync has ended (`drbdadm status` shows"
                                    + " it), and try again"));
        }
    }

    private Problem problem(String what, String why, String remedy) {
        return new Problem(what, engine.volumeName(), why, remedy);
    }
}
