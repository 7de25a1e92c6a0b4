package io.holdfast.vrrp.core;

import java.util.List;

/**
 * What all trackers together make of an instance.
 *
 * @param known false while something that could be a fault has not been looked at yet
 * @param faults each a short sentence; not empty: the instance must not be Master
 * @param weight to be added to its priority
 * @param why the last thing that changed
 */
record Health(boolean known, List<String> faults, int weight, String why) {
    Health {
        faults = List.copyOf(faults);
    }

    boolean isGood() {
        return known && faults.isEmpty();
    }
}
