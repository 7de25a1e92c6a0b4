package io.holdfast.executor.core;

import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.Task;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The results of one resource's operations that still say something: the last one, the last failed
 * one, and of each recurring operation the last that went as expected.
 */
final class ResourceHistory {
    private static final String LAST = "last";
    private static final String LAST_FAILURE = "last_failure";

    /** A result, and its place among all results of this executor. */
    record Entry(long sequence, OperationFinished finished) {}

    private final TreeMap<String, Entry> entries = new TreeMap<>();

    void record(OperationFinished finished, long sequence) {
        if (finished.request().task() == Task.NOTIFY) {
            return;
        }
        Entry entry = new Entry(sequence, finished);
        boolean recurring = finished.request().recurring();
        if (finished.failed()) {
            entries.put(LAST_FAILURE, entry);
        } else if (recurring) {
            entries.put(finished.request().operationKey(), entry);
        }
        if (!recurring) {
            entries.put(isMigration(finished) ? finished.request().operationKey() : LAST, entry);
        }
    }

    void forgetRecurring(String operationKey) {
        entries.remove(operationKey);
    }

    void clear() {
        entries.clear();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Stream<Entry> entries() {
        // A failed one-off operation is there twice.
        return entries.values().stream().distinct();
    }

    private static boolean isMigration(OperationFinished finished) {
        Task task = finished.request().task();
        return task == Task.MIGRATE_TO || task == Task.MIGRATE_FROM;
    }
}
