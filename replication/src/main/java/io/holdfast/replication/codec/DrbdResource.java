package io.holdfast.replication.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@code resource} section says, before anything is inherited. */
final class DrbdResource {
    final String name;
    final DrbdPlace place;
    final DrbdSettings settings = new DrbdSettings();
    final DrbdVolumes volumes = new DrbdVolumes();
    final List<DrbdHost> hosts = new ArrayList<>();
    final List<DrbdConnection> connections = new ArrayList<>();
    final List<DrbdSaid<String>> mesh = new ArrayList<>();
    final DrbdSettings meshSettings = new DrbdSettings();

    /** Why the resource is left out: something that cannot be expressed. */
    @Nullable DrbdSaid<String> leftOut;

    DrbdResource(String name, DrbdPlace place) {
        this.name = name;
        this.place = place;
    }

    boolean meshes(String host) {
        return mesh.stream().anyMatch(said -> said.value().equals(host));
    }

    void leaveOut(DrbdPlace where, String why) {
        if (leftOut == null) {
            leftOut = new DrbdSaid<>(why, where);
        }
    }
}
