package io.holdfast.iscsi.core.scsi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Unit attention conditions per nexus, SAM-5 5.14: told once, oldest first. Single owner, pure. */
final class UnitAttentions {
    /** Further ones are the same news; SAM-5 lets a unit merge them. */
    private static final int MAX_PENDING = 8;

    private final Map<Nexus, Deque<Sense>> pending = new LinkedHashMap<>();

    void add(Nexus nexus) {
        pending.putIfAbsent(nexus, new ArrayDeque<>());
    }

    void remove(Nexus nexus) {
        pending.remove(nexus);
    }

    /** Nexuses that are not logged in now are not told. */
    void establish(Nexus nexus, Sense sense) {
        Deque<Sense> queue = pending.get(nexus);
        if (queue != null && !queue.contains(sense) && queue.size() < MAX_PENDING) {
            queue.add(sense);
        }
    }

    void establishForAllBut(Nexus except, Sense sense) {
        for (Nexus nexus : pending.keySet()) {
            if (!nexus.equals(except)) {
                establish(nexus, sense);
            }
        }
    }

    void establishForAll(Sense sense) {
        for (Nexus nexus : pending.keySet()) {
            establish(nexus, sense);
        }
    }

    Optional<Sense> take(Nexus nexus) {
        Deque<Sense> queue = pending.get(nexus);
        return queue == null || queue.isEmpty() ? Optional.empty() : Optional.of(queue.remove());
    }
}
