package io.holdfast.iscsi.core.scsi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Unit attention conditions per nexus, SAM-5 5.14: told once, oldest first. Single owner, pure.
 *
 * <p>What an initiator must know even when it comes back later (its reservation was taken, modes
 * changed) is kept while it is away, and with the volume. What only says that a session or the LUN
 * list is new is not: a new session is told that anyway.
 */
final class UnitAttentions {
    /** Further ones are the same news; SAM-5 lets a unit merge them. */
    private static final int MAX_PENDING = 8;

    /** Nexuses that are away; the one that was told least recently is forgotten first. */
    private static final int MAX_ABSENT = 1024;

    private final Map<Nexus, Deque<Sense>> pending = new LinkedHashMap<>();
    private final SequencedSet<Nexus> present = new LinkedHashSet<>();

    /** A session began; the condition is told before what waits. */
    void arrived(Nexus nexus, Sense first) {
        present.add(nexus);
        Deque<Sense> queue = pending.computeIfAbsent(nexus, n -> new ArrayDeque<>());
        queue.remove(first);
        queue.addFirst(first);
    }

    void left(Nexus nexus) {
        present.remove(nexus);
        Deque<Sense> queue = pending.get(nexus);
        if (queue != null) {
            queue.removeIf(sense -> !lasting(sense));
            if (queue.isEmpty()) {
                pending.remove(nexus);
            }
        }
    }

    /** Also for a nexus that is away, if the condition outlives sessions. */
    void establish(Nexus nexus, Sense sense) {
        if (!present.contains(nexus) && !lasting(sense)) {
            return;
        }
        Deque<Sense> queue = pending.computeIfAbsent(nexus, n -> new ArrayDeque<>());
        if (!queue.contains(sense) && queue.size() < MAX_PENDING) {
            queue.add(sense);
        }
        if (pending.size() > present.size() + MAX_ABSENT) {
            forgetOldestAbsent();
        }
    }

    private void forgetOldestAbsent() {
        for (Nexus nexus : pending.keySet()) {
            if (!present.contains(nexus)) {
                pending.remove(nexus);
                return;
            }
        }
    }

    void establishForAllBut(Nexus except, Sense sense) {
        for (Nexus nexus : present) {
            if (!nexus.equals(except)) {
                establish(nexus, sense);
            }
        }
    }

    void establishForAll(Sense sense) {
        present.forEach(nexus -> establish(nexus, sense));
    }

    Optional<Sense> take(Nexus nexus) {
        Deque<Sense> queue = pending.get(nexus);
        return queue == null || queue.isEmpty() ? Optional.empty() : Optional.of(queue.remove());
    }

    /** What is to be kept with the volume. */
    List<KeptState.Pending> kept() {
        List<KeptState.Pending> kept = new ArrayList<>();
        pending.forEach(
                (nexus, queue) -> {
                    List<Sense> lasting = queue.stream().filter(UnitAttentions::lasting).toList();
                    if (!lasting.isEmpty() && kept.size() < MAX_ABSENT) {
                        kept.add(new KeptState.Pending(nexus, lasting));
                    }
                });
        return kept;
    }

    void restore(List<KeptState.Pending> kept) {
        for (KeptState.Pending each : kept) {
            each.conditions().forEach(sense -> establish(each.nexus(), sense));
        }
    }

    private static boolean lasting(Sense sense) {
        return sense.equals(Sense.MODE_PARAMETERS_CHANGED)
                || sense.equals(Sense.RESERVATIONS_PREEMPTED)
                || sense.equals(Sense.RESERVATIONS_RELEASED)
                || sense.equals(Sense.REGISTRATIONS_PREEMPTED)
                || sense.equals(Sense.ACCESS_STATE_CHANGED)
                || sense.equals(Sense.CAPACITY_CHANGED);
    }
}
