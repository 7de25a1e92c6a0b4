package io.holdfast.vrrp.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of dropped adverts once a minute for peer and cause, however many there are: the network
 * must not be able to fill a log.
 */
public final class RejectionLog {
    private static final long QUIET_NANOS = 60_000_000_000L;
    private static final int MOST_KEPT = 64;

    private record Key(String instance, IpAddress source, Rejection cause) {}

    private record Told(long atNanos, long suppressed) {}

    // In the order of insertion: the oldest goes when there are too many.
    private final Map<Key, Told> told = new LinkedHashMap<>();

    /** The event to tell; empty: one like it was told less than a minute ago. */
    public Optional<VrrpEvent> rejected(
            String instance, IpAddress source, Rejection cause, String detail, long nowNanos) {
        Key key = new Key(instance, source, cause);
        Told last = told.get(key);
        if (last != null && nowNanos - last.atNanos < QUIET_NANOS) {
            told.put(key, new Told(last.atNanos, last.suppressed + 1));
            return Optional.empty();
        }
        told.remove(key);
        if (told.size() >= MOST_KEPT) {
            Iterator<Key> oldest = told.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        told.put(key, new Told(nowNanos, 0));
        return Optional.of(
                new VrrpEvent.AdvertRejected(
                        instance, source, cause, detail, last == null ? 0 : last.suppressed));
    }
}
