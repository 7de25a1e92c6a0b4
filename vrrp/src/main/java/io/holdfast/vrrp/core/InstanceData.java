package io.holdfast.vrrp.core;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A look at one instance.
 *
 * @param sinceEpochMillis wall clock of the last change of state
 * @param masterAddress who is Master, as far as it is known; empty: nobody was heard, or this node
 * @param advertIntervalNanos in force: version 3 learns the Master's
 * @param masterDownNanos how long silence makes a Master dead
 * @param rivals other Masters heard while this node is Master
 * @param faults why it is in FAULT, each a short sentence
 * @param damping until when preemption is held back, from now; 0: not
 * @param addressesUp whether this node has put the addresses up
 */
public record InstanceData(
        InstanceSettings settings,
        Optional<String> group,
        InstanceState state,
        InstanceState wantedState,
        int effectivePriority,
        long sinceEpochMillis,
        String lastReason,
        Optional<IpAddress> primaryAddress,
        Optional<IpAddress> masterAddress,
        OptionalInt masterPriority,
        long advertIntervalNanos,
        long masterDownNanos,
        boolean everHeard,
        List<IpAddress> rivals,
        List<String> faults,
        long damping,
        boolean addressesUp,
        InstanceStatistics statistics) {
    public InstanceData {
        rivals = List.copyOf(rivals);
        faults = List.copyOf(faults);
    }
}
