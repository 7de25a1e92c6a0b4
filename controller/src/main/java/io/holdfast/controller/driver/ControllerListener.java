package io.holdfast.controller.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.controller.core.ClusterState;

/** What the controller tells its daemon; called from the controller's thread. */
public interface ControllerListener {
    /**
     * {@code state} is on disk here. Before this returns, volumes that it gives to another node or
     * epoch are no longer granted; only then is it confirmed.
     */
    void recordsChanged(ClusterState state);

    /** The state of {@code term} holds here: its leases may be written to the lease page. */
    void stateApplied(Term term);

    /** A step of the node's story, for the log and the timeline. */
    void told(String kind, String object, String text);

    /** Something an administrator must look at. */
    void warned(Problem problem);

    /** The controller cannot go on: a bug, or its disk. The daemon ends; its lease runs out. */
    void failed(Throwable cause);
}
