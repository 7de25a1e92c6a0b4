package io.holdfast.replication.codec;

import io.holdfast.replication.config.MetaDisk;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a resource or one of its {@code on} sections says about one volume; what it leaves open may
 * be said by the other.
 */
final class DrbdVolume {
    /** {@code disk none}: a node without a replica. */
    static final String NO_DISK = "none";

    final int number;
    final DrbdPlace place;
    final DrbdSettings settings = new DrbdSettings();

    /** Keywords that were there, also those whose value was refused: they are not missing. */
    final Set<String> tried = new TreeSet<>();

    @Nullable DrbdSaid<String> device;
    @Nullable DrbdSaid<Integer> minor;
    @Nullable DrbdSaid<String> disk;
    @Nullable DrbdSaid<MetaDisk> metaDisk;

    DrbdVolume(int number, DrbdPlace place) {
        this.number = number;
        this.place = place;
    }

    /** This, with what another says going over it. */
    DrbdVolume under(DrbdVolume special) {
        DrbdVolume merged = new DrbdVolume(number, special.place);
        merged.device = special.device != null ? special.device : device;
        merged.minor = special.device != null ? special.minor : minor;
        merged.disk = special.disk != null ? special.disk : disk;
        merged.metaDisk = special.metaDisk != null ? special.metaDisk : metaDisk;
        merged.tried.addAll(tried);
        merged.tried.addAll(special.tried);
        return merged;
    }
}
