package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.RouterSettings.InterfaceDelay;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Lets a change of an interface count only after it has lasted ({@code interface_up_down_delays}).
 */
final class InterfaceDelays {
    private record Pending(boolean up, long atNanos) {}

    private final Map<String, InterfaceDelay> delays = new HashMap<>();
    private final Map<String, Boolean> counts = new HashMap<>();
    private final Map<String, Pending> pending = new TreeMap<>();

    void configure(List<InterfaceDelay> settings) {
        delays.clear();
        settings.forEach(delay -> delays.put(delay.interfaceName(), delay));
    }

    /**
     * An interface is up or down.
     *
     * @return whether it counts now
     */
    boolean changed(String name, boolean up, long nowNanos) {
        Boolean known = counts.get(name);
        if (known == null) {
            counts.put(name, up);
            return true;
        }
        if (known == up) {
            pending.remove(name);
            return true;
        }
        InterfaceDelay delay = delays.get(name);
        Duration wait = delay == null ? Duration.ZERO : up ? delay.up() : delay.down();
        if (wait.isZero()) {
            pending.remove(name);
            counts.put(name, up);
            return true;
        }
        pending.putIfAbsent(name, new Pending(up, nowNanos + wait.toNanos()));
        return false;
    }

    long dueAtNanos() {
        long due = Long.MAX_VALUE;
        for (Pending p : pending.values()) {
            due = Math.min(due, p.atNanos);
        }
        return due;
    }

    /** One whose change has lasted by now. */
    Optional<String> nextDue(long nowNanos) {
        for (Map.Entry<String, Pending> entry : pending.entrySet()) {
            if (entry.getValue().atNanos <= nowNanos) {
                pending.remove(entry.getKey());
                counts.put(entry.getKey(), entry.getValue().up);
                return Optional.of(entry.getKey());
            }
        }
        return Optional.empty();
    }

    /** As it counts now. */
    boolean isUp(String name) {
        return counts.getOrDefault(name, false);
    }
}
