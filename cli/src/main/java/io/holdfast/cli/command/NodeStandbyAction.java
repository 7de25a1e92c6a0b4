package io.holdfast.cli.command;

import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.Done;
import io.holdfast.base.NodeId;
import io.holdfast.cli.Context;
import io.holdfast.cli.ExitCode;
import java.util.List;

/** Sends nodes to standby and back, for crm and pcs alike. */
final class NodeStandbyAction {
    private NodeStandbyAction() {}

    /** For the named nodes, or for this one when none is named. */
    static int run(
            Context context, List<String> names, boolean standby, AttributeLifetime lifetime) {
        List<NodeId> nodes =
                names.isEmpty()
                        ? List.of(context.node())
                        : names.stream().map(NodeId::new).toList();
        for (NodeId node : nodes) {
            Done done = context.ask(new ClusterRequest.NodeStandby(node, standby, lifetime));
            Warnings.print(context, done);
        }
        return ExitCode.OK;
    }
}
