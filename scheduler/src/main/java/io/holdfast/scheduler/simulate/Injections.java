package io.holdfast.scheduler.simulate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that are made up before or during a simulation, as {@code crm_simulate} takes them.
 *
 * @param quorum whether there is quorum; null to leave it
 * @param watchdog whether there is a watchdog; null to leave it
 * @param nodesUp names of nodes that come
 * @param nodesDown names of nodes that leave cleanly
 * @param nodesFailed names of nodes that fail
 * @param ticketsGranted ids of tickets that are granted, and so on
 * @param operations results to put into histories
 * @param failures results that operations of the simulated transition shall have
 */
public record Injections(
        @Nullable String quorum,
        @Nullable String watchdog,
        List<String> nodesUp,
        List<String> nodesDown,
        List<String> nodesFailed,
        List<String> ticketsGranted,
        List<String> ticketsRevoked,
        List<String> ticketsStandby,
        List<String> ticketsActivated,
        List<OperationResult> operations,
        List<OperationResult> failures) {
    public static final Injections NONE =
            new Injections(
                    null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                    List.of(), List.of(), List.of());

    public Injections {
        nodesUp = List.copyOf(nodesUp);
        nodesDown = List.copyOf(nodesDown);
        nodesFailed = List.copyOf(nodesFailed);
        ticketsGranted = List.copyOf(ticketsGranted);
        ticketsRevoked = List.copyOf(ticketsRevoked);
        ticketsStandby = List.copyOf(ticketsStandby);
        ticketsActivated = List.copyOf(ticketsActivated);
        operations = List.copyOf(operations);
        failures = List.copyOf(failures);
    }

    /** Whether the cluster is changed before the transition is calculated. */
    public boolean changesTheCluster() {
        return !equals(NONE.withFailures(failures));
    }

    /** The same with these results of the simulated transition's operations. */
    public Injections withFailures(List<OperationResult> results) {
        return new Injections(
                quorum,
                watchdog,
                nodesUp,
                nodesDown,
                nodesFailed,
                ticketsGranted,
                ticketsRevoked,
                ticketsStandby,
                ticketsActivated,
                operations,
                results);
    }

    /** The same with these results in histories. */
    public Injections withOperations(List<OperationResult> results) {
        return new Injections(
                quorum,
                watchdog,
                nodesUp,
                nodesDown,
                nodesFailed,
                ticketsGranted,
                ticketsRevoked,
                ticketsStandby,
                ticketsActivated,
                results,
                failures);
    }

    /** The same with these nodes up, down or failed. */
    public Injections withNodes(List<String> up, List<String> down, List<String> failed) {
        return new Injections(
                quorum,
                watchdog,
                up,
                down,
                failed,
                ticketsGranted,
                ticketsRevoked,
                ticketsStandby,
                ticketsActivated,
                operations,
                failures);
    }
}
