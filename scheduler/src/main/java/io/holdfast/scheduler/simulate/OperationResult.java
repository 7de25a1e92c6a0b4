package io.holdfast.scheduler.simulate;

import io.holdfast.scheduler.model.Keys;
import org.jspecify.annotations.Nullable;

/** The result of an operation somewhere, written {@code RESOURCE_TASK_INTERVAL@NODE=CODE}. */
public record OperationResult(
        String resource, String task, long intervalMillis, String node, int code) {

    /** Reads it; null when it is not written so. */
    public static @Nullable OperationResult parse(String text) {
        int at = text.indexOf('@');
        int equals = text.lastIndexOf('=');
        int interval = at < 0 ? -1 : text.lastIndexOf('_', at);
        int task = interval < 0 ? -1 : text.lastIndexOf('_', interval - 1);
        if (task > 0 && isSecondWord(text.substring(task + 1, interval))) {
            task = text.lastIndexOf('_', task - 1);
        }
        if (task <= 0 || equals < at) {
            return null;
        }
        try {
            return new OperationResult(
                    text.substring(0, task),
                    text.substring(task + 1, interval),
                    Long.parseLong(text.substring(interval + 1, at)),
                    text.substring(at + 1, equals),
                    Integer.parseInt(text.substring(equals + 1).strip()));
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /** Whether it is the rest of {@code migrate_to} or {@code migrate_from}. */
    private static boolean isSecondWord(String word) {
        return word.equals("to") || word.equals("from");
    }

    @Override
    public String toString() {
        return Keys.operation(resource, task, intervalMillis) + "@" + node + "=" + code;
    }
}
