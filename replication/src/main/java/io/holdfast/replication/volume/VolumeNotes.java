package io.holdfast.replication.volume;

/**
 * A small record that is kept with a volume and moves with it, for what belongs to the data without
 * being data: reservations of a SCSI unit, say. It is replaced as a whole, replicated like data,
 * and read by whoever serves the volume next. May be called from any thread.
 */
public interface VolumeNotes {
    /** How long a record may be. */
    int MAX_BYTES = (128 << 10) - 64;

    /**
     * What was stored last; empty when nothing ever was. Waits for the disk.
     *
     * @throws io.holdfast.base.ProblemException when the record cannot be read or is damaged; it is
     *     left as it is
     */
    byte[] load();

    /**
     * Replaces the record. Completes with OK when it, or a later one, is on stable storage on every
     * replica that counts. After a crash the record before or this one is there, never a mixture.
     */
    void store(byte[] newRecord, IoCompletion completion);
}
