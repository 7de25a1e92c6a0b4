package io.holdfast.controller.driver;

import io.holdfast.executor.Executor;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An executor that only notes what it is asked for. */
final class HandExecutor implements Executor {
    final List<OperationRequest> requests = new ArrayList<>();

    @Override
    public void execute(OperationRequest request) {
        requests.add(request);
    }

    @Override
    public void cancel(String resource, Task task, long intervalMillis) {}

    @Override
    public void recheck(String resource) {}

    @Override
    public void forget(String resource) {}

    @Override
    public List<OperationFinished> history() {
        return List.of();
    }

    @Override
    public SortedMap<String, String> attributes() {
        return new TreeMap<>();
    }

    @Override
    public CompletionStage<List<OperationFinished>> surrender() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void leaseChanged(boolean runs) {}

    @Override
    public void close() {}
}
