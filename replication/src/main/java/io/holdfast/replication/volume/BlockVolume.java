package io.holdfast.replication.volume;

import io.holdfast.base.VolumeId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A block volume as its users (iSCSI, FUSE, tests) see it: an array of {@link #sizeBytes} bytes
 * that is read and written in multiples of {@link #SECTOR_BYTES}.
 *
 * <p>Calls return at once and may come from any thread; the completion is called exactly once, from
 * a thread of the volume, and must not block. The buffer belongs to the volume from the call to the
 * completion. While I/O is suspended (lease over, replica being recorded as Outdated) requests
 * wait; they are not failed. A write that was completed with {@link IoStatus#OK} is as durable as
 * the volume's protocol says; a flush means flushed.
 */
public interface BlockVolume {
    /** The smallest unit of I/O. */
    int SECTOR_BYTES = 512;

    VolumeId id();

    long sizeBytes();

    /** Fills {@code into} from its position to its limit. The buffer must be direct. */
    void read(long offsetBytes, ByteBuffer into, IoCompletion completion);

    /** Writes {@code from} from its position to its limit. The buffer must be direct. */
    void write(long offsetBytes, ByteBuffer from, boolean forceUnitAccess, IoCompletion completion);

    /**
     * Completes when everything completed before this call is on stable storage on every replica
     * that counts.
     */
    void flush(IoCompletion completion);

    /** The record that is kept beside the data; absent when this volume has no place for one. */
    default Optional<VolumeNotes> notes() {
        return Optional.empty();
    }
}
