package io.holdfast.replication.codec;

import io.holdfast.replication.config.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code connection} section: two nodes, one path or several. */
final class DrbdConnection {
    /**
     * One {@code host} line.
     *
     * @param endpoint null when the {@code on} section's address is meant
     * @param port 0 when the {@code on} section's port is meant
     */
    record End(String host, @Nullable Endpoint endpoint, int port, DrbdPlace place) {}

    final DrbdPlace place;
    final List<List<End>> paths = new ArrayList<>();
    final DrbdSettings settings = new DrbdSettings();

    DrbdConnection(DrbdPlace place) {
        this.place = place;
    }

    boolean joins(String host) {
        return paths.stream().flatMap(List::stream).anyMatch(e -> e.host().equals(host));
    }
}
