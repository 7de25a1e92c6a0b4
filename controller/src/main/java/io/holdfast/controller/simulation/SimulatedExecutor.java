package io.holdfast.controller.simulation;

import static io.holdfast.controller.simulation.SimulatedMembership.MILLI;

import io.holdfast.base.Epoch;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.OperationOrder;
import io.holdfast.controller.core.OperationReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An executor with the two agents of the simulation: an address that the end of the lease takes
 * down, and a volume whose promotion is recorded first. Operations of one resource come one after
 * the other and take their time.
 */
final class SimulatedExecutor {
    private static final int OK = 0;
    private static final int ERROR = 1;
    private static final int NOT_RUNNING = 7;
    private static final int PROMOTED = 8;

    /** Looks at the lease, 20 ms apart, until the start of an address fails. */
    private static final int PATIENCE = 1_000;

    private static final String SCORE = "master-" + ControllerSimulation.VOLUME_RESOURCE;

    /** One resource, its operations and what they made of it. */
    private static final class Resource {
        final Deque<OperationOrder> waiting = new ArrayDeque<>();
        boolean busy;
        boolean active;
        boolean promoted;
        @Nullable OperationOrder monitor;

        Resource withoutOperations() {
            Resource same = new Resource();
            same.active = active;
            same.promoted = promoted;
            return same;
        }
    }

    private final ControllerSimulation.Cluster cluster;
    private final SimulatedController node;
    private final SortedMap<String, Resource> resources = new TreeMap<>();
    private final List<OperationRecord> history = new ArrayList<>();
    private SortedMap<String, String> attributes = new TreeMap<>();
    private boolean outdated;
    private int lastCall;

    SimulatedExecutor(ControllerSimulation.Cluster cluster, SimulatedController node) {
        this.cluster = cluster;
        this.node = node;
    }

    boolean isActive(String resource) {
        return resource(resource).active;
    }

    boolean isPromoted(String resource) {
        return resource(resource).promoted;
    }

    List<OperationRecord> history() {
        return List.copyOf(history);
    }

    NodeAttributes attributes() {
        return new NodeAttributes(node.id(), attributes);
    }

    void perform(OperationOrder order) {
        switch (order.task()) {
            case "cancel" -> {
                resource(order.resource()).monitor = null;
                tell(order, order.key().expectedRc());
            }
            case "delete" -> {
                history.removeIf(each -> each.resource().equals(order.resource()));
                tell(order, order.key().expectedRc());
            }
            default -> {
                Resource resource = resource(order.resource());
                resource.waiting.add(order);
                next(resource);
            }
        }
    }

    /** The kernel, storaged or clusterd take the address down, whoever is alive. */
    void leaseEnded() {
        Resource address = resource(ControllerSimulation.ADDRESS);
        if (address.active) {
            address.active = false;
            // A process that is paused finds out when it goes on.
            node.later(
                    0,
                    MILLI,
                    () -> {
                        OperationOrder monitor = address.monitor;
                        if (monitor != null && !address.active) {
                            tell(monitor, NOT_RUNNING);
                        }
                    });
        }
    }

    void recordsChanged(boolean nowOutdated) {
        outdated = nowOutdated;
        score();
    }

    /** Stops all, newest first; then tells so. */
    void surrender() {
        // What runs is broken off, what waits is dropped.
        resources.replaceAll((_, resource) -> resource.withoutOperations());
        node.later(
                MILLI,
                100 * MILLI,
                () -> {
                    release();
                    for (var each : resources.entrySet()) {
                        if (each.getValue().active) {
                            each.getValue().active = false;
                            each.getValue().promoted = false;
                            each.getValue().monitor = null;
                            recordStop(each.getKey());
                        }
                    }
                    score();
                    node.surrendered();
                });
    }

    private void recordStop(String resource) {
        history.stream()
                .filter(each -> each.resource().equals(resource))
                .findFirst()
                .ifPresent(
                        known -> {
                            history.removeIf(each -> each.resource().equals(resource));
                            history.add(
                                    known(resource, known, TransitionKey.unasked(++lastCall, OK)));
                        });
    }

    private OperationRecord known(String resource, OperationRecord known, TransitionKey key) {
        return new OperationRecord(
                resource,
                known.agent(),
                "stop",
                0,
                lastCall,
                OperationStatus.DONE,
                OK,
                key,
                "",
                1,
                1,
                0,
                0,
                null,
                null);
    }

    // --- operations ----------------------------------------------------------------------------

    private void next(Resource resource) {
        OperationOrder order = resource.waiting.peek();
        if (order == null || resource.busy) {
            return;
        }
        resource.waiting.remove();
        resource.busy = true;
        node.later(
                MILLI,
                60 * MILLI,
                () ->
                        act(
                                resource,
                                order,
                                code -> {
                                    if (resource(order.resource()) != resource) {
                                        return; // broken off
                                    }
                                    resource.busy = false;
                                    tell(order, code);
                                    score();
                                    next(resource);
                                }));
    }

    private void act(Resource resource, OperationOrder order, IntConsumer done) {
        boolean address = order.resource().equals(ControllerSimulation.ADDRESS);
        switch (order.task()) {
            case "start" -> start(resource, address, PATIENCE, done);
            case "stop" -> {
                if (!address) {
                    release();
                }
                resource.active = false;
                resource.promoted = false;
                resource.monitor = null;
                done.accept(OK);
            }
            case "promote" -> promote(resource, done);
            case "demote" -> {
                release();
                resource.promoted = false;
                done.accept(OK);
            }
            case "monitor" -> {
                if (order.intervalMillis() > 0) {
                    resource.monitor = order;
                }
                done.accept(resource.promoted ? PROMOTED : resource.active ? OK : NOT_RUNNING);
            }
            default -> done.accept(OK);
        }
    }

    /** An address waits for its node's lease, as long as its time-out lets it. */
    private void start(Resource resource, boolean needsLease, int patience, IntConsumer done) {
        if (!resources.containsValue(resource)) {
            return; // broken off
        }
        if (!needsLease || node.isLeased()) {
            resource.active = true;
            done.accept(OK);
        } else if (patience == 0) {
            done.accept(ERROR);
        } else {
            node.later(20 * MILLI, 20 * MILLI, () -> start(resource, true, patience - 1, done));
        }
    }

    /** As VolumeAuthority: recorded first, then granted; what comes too late is given back. */
    private void promote(Resource resource, IntConsumer done) {
        boolean[] waited = {true};
        IntConsumer once =
                code -> {
                    if (waited[0]) {
                        waited[0] = false;
                        done.accept(code);
                    }
                };
        node.later(4_000 * MILLI, 4_000 * MILLI, () -> once.accept(ERROR));
        node.ask(
                new Change.PromoteVolume(ControllerSimulation.VOLUME, node.id()),
                outcome -> {
                    if (!(outcome instanceof ChangeOutcome.Accepted accepted)) {
                        once.accept(ERROR);
                        return;
                    }
                    Epoch epoch = new Epoch(accepted.epoch());
                    boolean brokenOff = !resources.containsValue(resource);
                    if (!waited[0] || brokenOff) {
                        giveBack(epoch);
                        return;
                    }
                    resource.promoted = node.grant(epoch);
                    once.accept(resource.promoted ? OK : ERROR);
                });
    }

    private void release() {
        node.granted()
                .ifPresent(
                        epoch -> {
                            node.revoke();
                            giveBack(epoch);
                        });
    }

    private void giveBack(Epoch epoch) {
        node.ask(new Change.ReleaseVolume(ControllerSimulation.VOLUME, node.id(), epoch), _ -> {});
    }

    private void tell(OperationOrder order, int code) {
        OperationRecord operation =
                new OperationRecord(
                        order.resource(),
                        order.agent(),
                        order.task(),
                        order.intervalMillis(),
                        ++lastCall,
                        OperationStatus.DONE,
                        code,
                        order.key(),
                        "",
                        1,
                        1,
                        0,
                        0,
                        order.digests(),
                        null);
        boolean kept =
                switch (order.task()) {
                    case "cancel", "delete", "notify" -> false;
                    default -> true;
                };
        if (kept) {
            history.removeIf(
                    each ->
                            each.resource().equals(order.resource())
                                    && (each.intervalMillis() == order.intervalMillis()
                                            || order.task().equals("stop")));
            history.add(operation);
        }
        cluster.simulation()
                .note(
                        node.id()
                                + " did "
                                + order.resource()
                                + " "
                                + order.task()
                                + " "
                                + order.intervalMillis()
                                + ": "
                                + code);
        node.operationEnded(new OperationReport(node.id(), operation));
    }

    private void score() {
        boolean can = resource(ControllerSimulation.VOLUME_RESOURCE).active && !outdated;
        SortedMap<String, String> now = new TreeMap<>();
        if (can) {
            now.put(SCORE, "10000");
        }
        if (!now.equals(attributes)) {
            attributes = now;
            NodeAttributes told = attributes();
            node.later(0, MILLI, () -> node.attributesChanged(told));
        }
    }

    private Resource resource(String id) {
        return resources.computeIfAbsent(id, _ -> new Resource());
    }
}
