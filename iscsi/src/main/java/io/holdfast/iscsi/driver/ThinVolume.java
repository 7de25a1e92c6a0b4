package io.holdfast.iscsi.driver;

import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;

/** A volume that can give space back and say where it has some. */
public interface ThinVolume extends BlockVolume {
    /**
     * The range reads as zeros afterwards.
     *
     * @param keepSpace whether later writes to it must find space
     */
    void unmap(long offsetBytes, long lengthBytes, boolean keepSpace, IoCompletion completion);

    /**
     * Where the run of mapped or unmapped bytes ends that starts at this offset: the offset just
     * behind it, negated when the run is unmapped. May block for a moment.
     */
    long runEnd(long offsetBytes);
}
