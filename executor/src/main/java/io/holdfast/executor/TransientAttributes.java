package io.holdfast.executor;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of this node that last until it leaves the cluster, as agents set them: promotion
 * scores and the like. Any thread may set them.
 */
public final class TransientAttributes {
    /**
     * Told of each change, in order, while the change is made: must not block or set attributes.
     */
    @FunctionalInterface
    public interface ChangeListener {
        void changed(String name, @Nullable String value);
    }

    private final TreeMap<String, String> values = new TreeMap<>();
    private ChangeListener listener = (name, value) -> {};

    /** The name under which schedulers look for the promotion score of a resource. */
    public static String promotionScoreName(String resource) {
        return "master-" + resource;
    }

    public synchronized void listen(ChangeListener newListener) {
        listener = newListener;
    }

    /** Sets an attribute; null takes it away. Told only when it makes a difference. */
    public synchronized void set(String name, @Nullable String value) {
        String before = value == null ? values.remove(name) : values.put(name, value);
        if (before == null ? value != null : !before.equals(value)) {
            listener.changed(name, value);
        }
    }

    public synchronized SortedMap<String, String> snapshot() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
}
