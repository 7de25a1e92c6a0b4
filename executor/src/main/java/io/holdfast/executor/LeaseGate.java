package io.holdfast.executor;

import io.holdfast.cib.status.ResourceAgent;
import java.util.Set;

/**
 * Which agents' resources can do nothing once this node's lease is over, whoever forgets to stop
 * them: volumes and what shows them (I/O is suspended by the lease page), and addresses (taken down
 * by it). All others, programs above all, go on until they are stopped, so they must be.
 */
public final class LeaseGate {
    private static final Set<String> GATED =
            Set.of(
                    "ocf:linbit:drbd",
                    "ocf:heartbeat:IPaddr2",
                    "ocf:heartbeat:SCSTTarget",
                    "ocf:heartbeat:iSCSITarget",
                    "ocf:heartbeat:SCSTLun",
                    "ocf:heartbeat:iSCSILogicalUnit");

    private LeaseGate() {}

    /** Whether the lease alone keeps a resource of this agent from acting. */
    public static boolean holds(ResourceAgent agent) {
        return GATED.contains(agent.toString());
    }
}
