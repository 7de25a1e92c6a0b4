package io.holdfast.replication.codec;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The volumes of a resource or of an {@code on} section, by number. */
final class DrbdVolumes {
    final Map<Integer, DrbdVolume> byNumber = new TreeMap<>();

    /** Where volume 0 is described without a {@code volume} section around it. */
    @Nullable DrbdPlace implicit;

    /** Where the first {@code volume} section is. */
    @Nullable DrbdPlace explicit;

    /** That both are there was told. */
    boolean toldMixed;
}
