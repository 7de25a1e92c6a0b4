package io.holdfast.replication.volume;

/** A volume that can make zeros of a range without being sent them. */
public interface DiscardingVolume extends BlockVolume {
    /**
     * The range reads as zeros once this has completed with OK.
     *
     * @param keepSpace whether later writes to it must find space; otherwise its space is given
     *     back
     */
    void zero(long offsetBytes, long lengthBytes, boolean keepSpace, IoCompletion completion);
}
