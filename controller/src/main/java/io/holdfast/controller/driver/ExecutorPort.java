package io.holdfast.controller.driver;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.NodeReport;
import io.holdfast.controller.core.OperationOrder;
import io.holdfast.controller.core.OperationReport;
import io.holdfast.executor.Executor;
import io.holdfast.executor.ExecutorListener;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the controller's orders and the executor's operations: adds to each result the digests
 * that came with its order, and answers the orders that are bookkeeping only.
 */
public final class ExecutorPort implements NodeExecutor, ExecutorListener {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorPort.class);
    private static final String META = "CRM_meta_";
    private static final Duration AFTERMATH_OF_A_LEASE = Duration.ofSeconds(2);

    private final NodeId self;
    private final LeaseKeeper leases;
    private final Supplier<Executor> executor;
    private final Supplier<? extends NodeNews> controller;
    private final Map<String, OperationRecord.Digests> digests = new ConcurrentHashMap<>();
    private final SortedMap<String, String> attributes = new ConcurrentSkipListMap<>();

    /** Executor and controller are asked for when needed: the three know each other. */
    public ExecutorPort(
            NodeId self,
            LeaseKeeper leases,
            Supplier<Executor> executor,
            Supplier<? extends NodeNews> controller) {
        this.self = self;
        this.leases = leases;
        this.executor = executor;
        this.controller = controller;
    }

    /** An order that cannot be given is a failed operation, never the end of the controller. */
    @Override
    public void perform(OperationOrder order) {
        try {
            give(order);
        } catch (RuntimeException e) {
            LOG.error("{} of {} could not be begun", order.task(), order.resource(), e);
            answer(order, OperationStatus.ERROR, 1);
        }
    }

    private void give(OperationOrder order) {
        switch (order.task()) {
            case "cancel" -> {
                Task.named(order.meta().getOrDefault(META + "operation", "monitor"))
                        .ifPresent(
                                task ->
                                        executor.get()
                                                .cancel(
                                                        order.resource(),
                                                        task,
                                                        order.intervalMillis()));
                confirm(order);
            }
            case "delete" -> {
                executor.get().forget(order.resource());
                confirm(order);
            }
            default -> execute(order);
        }
    }

    private void execute(OperationOrder order) {
        Optional<Task> task = Task.named(order.task());
        if (task.isEmpty()) {
            answer(order, OperationStatus.NOT_SUPPORTED, 3);
            return;
        }
        if (order.digests() != null) {
            digests.put(
                    key(order.resource(), order.task(), order.intervalMillis()), order.digests());
        }
        executor.get()
                .execute(
                        new OperationRequest(
                                order.resource(),
                                order.agent(),
                                task.get(),
                                order.intervalMillis(),
                                order.timeoutMillis(),
                                startDelay(order),
                                order.parameters(),
                                order.meta(),
                                order.key()));
    }

    /** Milliseconds, as the scheduler writes it; what is no such number delays nothing. */
    private static long startDelay(OperationOrder order) {
        String delay = order.meta().getOrDefault(META + "start_delay", "0");
        if (delay.matches("[0-9]{1,12}")) {
            return Long.parseLong(delay);
        }
        LOG.warn("{}: start-delay {} is not understood", order.resource(), delay);
        return 0;
    }

    private void confirm(OperationOrder order) {
        answer(order, OperationStatus.DONE, order.key().expectedRc());
    }

    private void answer(OperationOrder order, OperationStatus status, int returnCode) {
        long now = System.currentTimeMillis() / 1000;
        controller
                .get()
                .operationEnded(
                        new OperationReport(
                                self,
                                new OperationRecord(
                                        order.resource(),
                                        order.agent(),
                                        order.task(),
                                        order.intervalMillis(),
                                        0,
                                        status,
                                        returnCode,
                                        order.key(),
                                        "",
                                        now,
                                        now,
                                        0,
                                        0,
                                        null,
                                        null)));
    }

    @Override
    public void surrender() {
        List<OperationFinished> failed = executor.get().surrender().toCompletableFuture().join();
        for (OperationFinished stop : failed) {
            LOG.error(
                    "{} could not be stopped while giving up: {}; it is without a lease",
                    stop.request().resource(),
                    stop.exitReason());
        }
    }

    @Override
    public NodeReport report() {
        return new NodeReport(
                executor.get().history().stream().map(this::recorded).toList(),
                new NodeAttributes(self, executor.get().attributes()),
                leases.granted());
    }

    @Override
    public void operationFinished(OperationFinished finished) {
        if (finished.status() == OperationStatus.CANCELLED && finished.request().recurring()) {
            return; // The order to cancel was answered when it was given.
        }
        controller
                .get()
                .operationEnded(
                        new OperationReport(self, recorded(finished), isWithoutLease(finished)));
    }

    /** An address that was taken down when the lease ended makes what uses it fail for a while. */
    private boolean isWithoutLease(OperationFinished finished) {
        long lookBack =
                Duration.ofMillis(finished.executionMillis()).plus(AFTERMATH_OF_A_LEASE).toNanos();
        return finished.request().task() != Task.STOP
                && !leases.heldSince(System.nanoTime() - lookBack);
    }

    @Override
    public void notStopped(OperationFinished stop) {
        controller
                .get()
                .warned(
                        new Problem(
                                "the resource was not stopped when this node's lease ended",
                                stop.request().resource(),
                                "its stop failed: "
                                        + stop.exitReason()
                                        + "; other nodes may run it now too",
                                "stop it by hand on " + self + ", or power the node off"));
    }

    @Override
    public void attributeChanged(String name, @Nullable String value) {
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
        controller.get().attributesChanged(new NodeAttributes(self, new TreeMap<>(attributes)));
    }

    private OperationRecord recorded(OperationFinished finished) {
        OperationRequest request = finished.request();
        OperationRecord.Digests known =
                digests.get(
                        key(
                                request.resource(),
                                request.task().ocfName(),
                                request.intervalMillis()));
        OperationRecord operation = finished.toRecord();
        return known == null ? operation : operation.withDigests(known);
    }

    private static String key(String resource, String task, long intervalMillis) {
        return OperationRecord.operationKey(resource, task, intervalMillis);
    }
}
