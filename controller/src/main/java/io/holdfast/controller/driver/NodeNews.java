package io.holdfast.controller.driver;

import io.holdfast.base.Problem;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.OperationReport;

/** What a node tells its controller; any thread may. */
public interface NodeNews {
    /** An operation on this node ended, ordered or recurring. */
    void operationEnded(OperationReport report);

    /** This node's transient attributes changed; all of them. */
    void attributesChanged(NodeAttributes attributes);

    /** Something on this node that an administrator must look at. */
    void warned(Problem problem);
}
