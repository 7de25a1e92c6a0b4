package io.holdfast.executor.core;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;

/**
 * Whether a resource runs here as far as is known, and how to end it. In doubt it runs: what was
 * begun and failed must be stopped before anyone may say that this node has given up.
 *
 * <pre>
 * task                   answered as hoped          otherwise
 * start, migrate_from    active                     active
 * promote                active, promoted           active, promoted
 * demote                 active                     no change
 * stop                   not active                 no change
 * monitor                0: active, 8: promoted,    no change
 *                        7: not active
 * </pre>
 *
 * @param activation the place among all activations of this executor; 0 while not active
 * @param definition the last request, for its agent and parameters
 */
record ResourceActivity(
        long activation,
        boolean promoted,
        OperationRequest definition,
        long stopTimeoutMillis,
        long demoteTimeoutMillis) {

    private static final OperationRequest UNDEFINED =
            new OperationRequest(
                    "",
                    new ResourceAgent("", "", ""),
                    Task.MONITOR,
                    0,
                    0,
                    0,
                    java.util.Collections.emptySortedMap(),
                    java.util.Collections.emptySortedMap(),
                    TransitionKey.unasked(0, OcfCode.OK));

    static final ResourceActivity NONE = new ResourceActivity(0, false, UNDEFINED, 0, 0);

    boolean active() {
        return activation > 0;
    }

    ResourceAgent agent() {
        return definition.agent();
    }

    ResourceActivity knowing(
            OperationRequest request, long newStopTimeoutMillis, long newDemoteTimeoutMillis) {
        return new ResourceActivity(
                activation, promoted, request, newStopTimeoutMillis, newDemoteTimeoutMillis);
    }

    /** A step down that nobody's transition asked for. */
    OperationRequest request(Task task) {
        return new OperationRequest(
                definition.resource(),
                definition.agent(),
                task,
                0,
                task == Task.DEMOTE ? demoteTimeoutMillis : stopTimeoutMillis,
                0,
                definition.parameters(),
                definition.meta(),
                TransitionKey.unasked(0, OcfCode.OK));
    }

    ResourceActivity after(OperationFinished finished, ExecutorNumbers numbers) {
        int code = finished.returnCode();
        boolean answered = finished.status() == OperationStatus.DONE;
        boolean well = answered && code == OcfCode.OK;
        return switch (finished.request().task()) {
            case START, MIGRATE_FROM -> active(promoted, numbers);
            case PROMOTE -> active(true, numbers);
            case DEMOTE -> well ? active(false, numbers) : this;
            case STOP -> well ? inactive() : this;
            case MONITOR -> {
                if (!answered) {
                    yield this;
                }
                yield OcfCode.isActive(code)
                        ? active(OcfCode.isPromoted(code), numbers)
                        : inactive();
            }
            case NOTIFY, MIGRATE_TO, RELOAD, RELOAD_AGENT, VALIDATE_ALL, META_DATA -> this;
        };
    }

    /** It runs here, begun by another process. */
    ResourceActivity inherited(
            OperationRequest found,
            long foundStopTimeoutMillis,
            long foundDemoteTimeoutMillis,
            boolean foundPromoted,
            ExecutorNumbers numbers) {
        return knowing(found, foundStopTimeoutMillis, foundDemoteTimeoutMillis)
                .active(foundPromoted, numbers);
    }

    ResourceActivity demoted() {
        return new ResourceActivity(
                activation, false, definition, stopTimeoutMillis, demoteTimeoutMillis);
    }

    private ResourceActivity active(boolean nowPromoted, ExecutorNumbers numbers) {
        return new ResourceActivity(
                active() ? activation : numbers.nextActivation(),
                nowPromoted,
                definition,
                stopTimeoutMillis,
                demoteTimeoutMillis);
    }

    private ResourceActivity inactive() {
        return new ResourceActivity(0, false, definition, stopTimeoutMillis, demoteTimeoutMillis);
    }
}
