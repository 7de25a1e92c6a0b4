package io.holdfast.cib.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One executed (or pending) operation of a resource on a node, to be kept in that node's history.
 *
 * @param resource the resource's id in the history: the primitive's, or {@code id:N} for a globally
 *     unique instance
 * @param agent which agent executed it
 * @param task start, stop, monitor, promote, demote, notify, migrate_to, migrate_from, reload-agent
 * @param intervalMillis 0 unless it recurs
 * @param callId the executor's number of this call on this node, rising; -1 while pending
 * @param rc what the agent answered (an OCF code; 193 while pending)
 * @param key what asked for it; its expected rc tells success from failure
 * @param exitReason the agent's own words, often empty
 * @param lastRunSeconds Unix time at which it was last started
 * @param lastChangeSeconds Unix time since which rc is what it is
 * @param execMillis how long the agent took
 * @param queueMillis how long it waited for the executor
 * @param digests of its parameters, by which a changed definition is noticed; null if unknown
 * @param migration for migrate_to and migrate_from, null otherwise
 */
public record OperationRecord(
        String resource,
        ResourceAgent agent,
        String task,
        long intervalMillis,
        int callId,
        OperationStatus status,
        int rc,
        TransitionKey key,
        String exitReason,
        long lastRunSeconds,
        long lastChangeSeconds,
        long execMillis,
        long queueMillis,
        @Nullable Digests digests,
        @Nullable Migration migration) {

    /** The OCF code of an operation that has not answered yet. */
    public static final int RC_PENDING = 193;

    /**
     * By what a changed definition is noticed: digests as Pacemaker computes them.
     *
     * @param all digest of all parameters ({@code op-digest})
     * @param restartParameters names whose change cannot be reloaded ({@code op-force-restart})
     * @param restart digest of those alone, null when a reload is not possible at all
     * @param secureParameters names left out of {@code secure} ({@code op-secure-params})
     * @param secure digest without private parameters, null when there are none
     */
    public record Digests(
            String all,
            List<String> restartParameters,
            @Nullable String restart,
            List<String> secureParameters,
            @Nullable String secure) {
        public Digests {
            restartParameters = List.copyOf(restartParameters);
            secureParameters = List.copyOf(secureParameters);
        }

        public static Digests ofAll(String all) {
            return new Digests(all, List.of(), null, List.of(), null);
        }
    }

    /** Between which nodes a resource migrates, by name. */
    public record Migration(String source, String target) {}

    /** An operation that has been handed to the executor and has not answered. */
    public static OperationRecord pending(
            String resource,
            ResourceAgent agent,
            String task,
            long intervalMillis,
            TransitionKey key,
            long nowSeconds) {
        return new OperationRecord(
                resource,
                agent,
                task,
                intervalMillis,
                -1,
                OperationStatus.PENDING,
                RC_PENDING,
                key,
                "",
                nowSeconds,
                nowSeconds,
                0,
                0,
                null,
                null);
    }

    /** The same operation, answered. */
    public OperationRecord finished(
            int newCallId, OperationStatus newStatus, int newRc, String reason, long tookMillis) {
        return new OperationRecord(
                resource,
                agent,
                task,
                intervalMillis,
                newCallId,
                newStatus,
                newRc,
                key,
                reason,
                lastRunSeconds,
                lastChangeSeconds,
                tookMillis,
                queueMillis,
                digests,
                migration);
    }

    public OperationRecord withDigests(Digests newDigests) {
        return new OperationRecord(
                resource,
                agent,
                task,
                intervalMillis,
                callId,
                status,
                rc,
                key,
                exitReason,
                lastRunSeconds,
                lastChangeSeconds,
                execMillis,
                queueMillis,
                newDigests,
                migration);
    }

    public OperationRecord withMigration(String source, String target) {
        return new OperationRecord(
                resource,
                agent,
                task,
                intervalMillis,
                callId,
                status,
                rc,
                key,
                exitReason,
                lastRunSeconds,
                lastChangeSeconds,
                execMillis,
                queueMillis,
                digests,
                new Migration(source, target));
    }

    /** Whether it ended otherwise than its transition expected. */
    public boolean failed() {
        return switch (status) {
            case PENDING, CANCELLED -> false;
            case DONE -> rc != key.expectedRc();
            default -> true;
        };
    }

    /** {@code RESOURCE_TASK_INTERVAL}, as transition graphs and histories name operations. */
    public static String operationKey(String resource, String task, long intervalMillis) {
        return resource + "_" + task + "_" + intervalMillis;
    }
}
