package io.holdfast.executor;

import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import java.util.Optional;

/**
 * Whom the agent of a replicated volume asks before it promotes: the controller, which has the
 * configuration log and the lease page.
 */
public interface PromotionAuthority {
    /**
     * Gets a new epoch for {@code volume} recorded with this node as its holder, then has the lease
     * page grant it. Blocks until the record cannot be lost.
     *
     * @throws io.holdfast.base.ProblemException when it is refused, or this node is not quorate
     */
    Epoch acquire(VolumeId volume) throws InterruptedException;

    /**
     * Takes the grant off the lease page at once, and has it recorded that this node holds the
     * volume no more; does not wait for the record. Nothing when it does not hold it.
     */
    void release(VolumeId volume);

    /** Whether the lease page grants the volume to this node. */
    boolean isGranted(VolumeId volume);

    /**
     * Why this node's replica must not be promoted, as far as the cluster's records know; empty
     * when they have nothing against it. Cheap: asked by each monitor.
     */
    Optional<Problem> objection(VolumeId volume);
}
