package io.holdfast.replication.volume;

/** How a request of a {@link BlockVolume} ended. */
public enum IoStatus {
    OK,
    /** This node is not Primary for the volume (any more); nothing was done. */
    NOT_PRIMARY,
    /** Beyond the end of the volume, or not a multiple of the sector size; nothing was done. */
    OUT_OF_RANGE,
    /** The local disk failed and no replica could serve; the range's content is not known. */
    MEDIUM_ERROR,
    /** The disk is full; the range's content is not known. */
    NO_SPACE
}
