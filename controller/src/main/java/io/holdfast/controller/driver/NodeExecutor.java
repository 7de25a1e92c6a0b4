package io.holdfast.controller.driver;

import io.holdfast.controller.core.NodeReport;
import io.holdfast.controller.core.OperationOrder;

/**
 * What the controller needs of the executor on its node; results come back by the controller's own
 * methods.
 */
public interface NodeExecutor {
    /** Begins the operation; its result is told once to {@link Controller#operationEnded}. */
    void perform(OperationOrder order);

    /** Stops everything that runs here, last started first; returns when it is stopped. */
    void surrender();

    /** What has been done here, and the transient attributes. */
    NodeReport report();
}
