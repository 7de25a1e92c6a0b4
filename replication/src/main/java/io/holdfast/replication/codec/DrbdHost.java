package io.holdfast.replication.codec;

import io.holdfast.replication.config.Endpoint;
import org.jspecify.annotations.Nullable;

/** An {@code on} section. */
final class DrbdHost {
    final String name;
    final DrbdPlace place;
    final DrbdVolumes volumes = new DrbdVolumes();
    final DrbdSettings settings = new DrbdSettings();
    @Nullable DrbdSaid<Endpoint> address;

    /** There is an address, but not a good one: nobody needs to be told that it is missing. */
    boolean addressRefused;

    @Nullable DrbdSaid<Integer> nodeId;

    DrbdHost(String name, DrbdPlace place) {
        this.name = name;
        this.place = place;
    }
}
