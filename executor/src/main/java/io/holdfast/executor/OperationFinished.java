package io.holdfast.executor;

import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.OperationStatus;

/**
 * How an operation ended. Of a recurring one: its first run, each later run that ended otherwise
 * than the one before, and its end by cancelling ({@link OperationStatus#CANCELLED}).
 *
 * @param callId this executor's number of the call, rising from 1; a recurring operation keeps it
 * @param status DONE whenever the agent answered, whatever it answered
 * @param returnCode the OCF code
 * @param exitReason the agent's words, or ours when the agent gave no answer; often empty
 * @param startedEpochMillis when this run began; of one that never ran, when it was given up
 * @param changedEpochMillis since when the answer is this one
 * @param executionMillis how long the agent took
 * @param queuedMillis how long it waited for other operations of the resource
 */
public record OperationFinished(
        OperationRequest request,
        int callId,
        OperationStatus status,
        int returnCode,
        String exitReason,
        long startedEpochMillis,
        long changedEpochMillis,
        long executionMillis,
        long queuedMillis) {

    /** Whether it ended otherwise than its transition expected. */
    public boolean failed() {
        return toRecord().failed();
    }

    /** As the status section of a CIB keeps it, digests not yet added. */
    public OperationRecord toRecord() {
        return new OperationRecord(
                request.resource(),
                request.agent(),
                request.task().ocfName(),
                request.intervalMillis(),
                callId,
                status,
                returnCode,
                request.key(),
                exitReason,
                startedEpochMillis / 1000,
                changedEpochMillis / 1000,
                executionMillis,
                queuedMillis,
                null,
                null);
    }
}
