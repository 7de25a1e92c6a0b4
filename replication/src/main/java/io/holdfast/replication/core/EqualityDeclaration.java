package io.holdfast.replication.core;

import io.holdfast.base.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code drbdadm new-current-uuid --clear-bitmap}: fresh replicas are called equal as they are, so
 * that no first sync is needed. Peers write it down first: should this node die in between, they
 * have data and it is fresh, and it is synced from them.
 */
final class EqualityDeclaration {
    private final VolumeEngine engine;
    private @Nullable ControlResult result;
    private long generation;
    private int awaited;

    EqualityDeclaration(VolumeEngine engine) {
        this.engine = engine;
    }

    void declare(ControlResult newResult) {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            newResult.refused(
                    new Problem(
                            "the replicas cannot be called equal",
                            engine.volumeName(),
                            obstacle.get(),
                            "do this once, right after making fresh metadata on all nodes and"
                                    + " taking the volume up everywhere"));
            return;
        }
        result = newResult;
        generation = engine.out.newGeneration();
        awaited = 0;
        for (PeerLink link : engine.links()) {
            awaited |= 1 << link.index;
            engine.out.send(link.index, new PeerMessage.DeclareEqual(generation));
        }
        completeIfDone();
    }

    private Optional<String> obstacle() {
        if (result != null) {
            return Optional.of("that is being done already");
        }
        if (!engine.state.isFresh() || engine.role() != Role.SECONDARY) {
            return Optional.of("this replica already holds data");
        }
        for (PeerLink link : engine.links()) {
            if (link.replication != ReplicationState.ESTABLISHED) {
                return Optional.of("node " + link.node + " is not connected");
            }
            if (link.disk != DiskState.INCONSISTENT) {
                return Optional.of("the disk of node " + link.node + " is " + link.disk.shown());
            }
        }
        return Optional.empty();
    }

    void accepted(PeerLink link, long ofGeneration) {
        if (result != null && ofGeneration == generation) {
            awaited &= ~(1 << link.index);
            completeIfDone();
        }
    }

    void lost(PeerLink link) {
        ControlResult waiting = result;
        if (waiting != null && (awaited & 1 << link.index) != 0) {
            result = null;
            waiting.refused(
                    new Problem(
                            "the replicas were not all called equal",
                            engine.volumeName(),
                            "the connection to node " + link.node + " was lost meanwhile",
                            "wait until it is back: replicas that are fresh are synced from those"
                                    + " that are not"));
        }
    }

    private void completeIfDone() {
        ControlResult waiting = result;
        if (waiting == null || awaited != 0) {
            return;
        }
        result = null;
        takeOver(generation, waiting::done);
    }

    /** This replica is equal to all others in that generation. */
    void takeOver(long newGeneration, Runnable then) {
        engine.state.enterGeneration(newGeneration);
        engine.setDisk(DiskState.UP_TO_DATE);
        for (PeerLink link : engine.links()) {
            link.declaredEqual(newGeneration);
            engine.writeChangedBitmapPages(link);
        }
        engine.state.persist(
                () -> {
                    engine.out.stateChanged();
                    then.run();
                });
    }
}
