package io.holdfast.replication.core;

import io.holdfast.replication.volume.IoStatus;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the engine. Drivers extend it with the data and reuse it; the
 * engine never looks at data.
 *
 * <p>Belongs to the engine from the call that hands it over until {@link VolumeEffects#release}.
 */
public class BlockRequest {
    /** What is asked, and by whom. */
    public enum Kind {
        /** By a user. */
        READ,
        /** By a user. */
        WRITE,
        /** By a user: see {@link FlushRounds}. */
        FLUSH,
        /** A write of the Primary, at a Secondary. */
        PEER_WRITE,
        /** A block of the source, at the target. */
        PEER_RESYNC_WRITE,
        /** A flush of the peer. */
        PEER_FLUSH,
        /** Reading what is then sent to a target, or its digests. */
        RESYNC_READ,
        /** Reading what a peer is to compare with its own. */
        VERIFY_READ,
        /** Reading, for a peer, what is compared with the digests it sent. */
        DIGEST_READ,
        /** The local part of a flush, or of detaching. */
        OWN_FLUSH
    }

    private static final int NO_SLOT = -1;

    Kind kind = Kind.READ;
    long offsetBytes;
    int lengthBytes;
    boolean forceUnitAccess;

    /** Whether the driver is to work out digests of what it reads. */
    boolean wantsDigests;

    /** From 1 in the order of starting; of a peer's write: the sender's. */
    long sequence;

    /** Index of the peer it came from or goes to. */
    int peer;

    /** Connection to that peer. */
    long session;

    /** Peers (bit by index) that are not in sync and so lack this write. */
    int missing;

    /** Who has not yet written it: bit by index, this node's own included. */
    int unwritten;

    /** Who has not yet got it: bit by index of peers. */
    int unreceived;

    /** In which order it came from its peer. */
    long arrival;

    IoStatus status = IoStatus.OK;

    /** Whether it is in the in-flight table. */
    boolean started;

    /** Whether its user was told. */
    boolean completed;

    /** Whether it is in the list of those that wait for the right to be completed. */
    boolean held;

    /** Whether it waits for a flush round. */
    boolean flushing;

    int firstSlot = NO_SLOT;
    int lastSlot = NO_SLOT;

    /** Next in the one queue it is in. */
    @Nullable BlockRequest next;

    public final Kind kind() {
        return kind;
    }

    public final long offsetBytes() {
        return offsetBytes;
    }

    public final int lengthBytes() {
        return lengthBytes;
    }

    public final long sequence() {
        return sequence;
    }

    public final int peer() {
        return peer;
    }

    public final int missing() {
        return missing;
    }

    public final boolean wantsDigests() {
        return wantsDigests;
    }

    /**
     * Prepares reading what a peer's digests are to be compared with.
     *
     * @param sequence the peer's, for its answer
     */
    public final void prepareDigestRead(long sequence, long offsetBytes, int lengthBytes) {
        reset(Kind.DIGEST_READ, offsetBytes, lengthBytes);
        this.sequence = sequence;
        this.wantsDigests = true;
    }

    /** Prepares a user's read, write or flush. */
    public final void prepare(
            Kind kind, long offsetBytes, int lengthBytes, boolean forceUnitAccess) {
        reset(kind, offsetBytes, lengthBytes);
        this.forceUnitAccess = forceUnitAccess;
    }

    /** Prepares a peer's write. */
    public final void preparePeerWrite(
            Kind kind, long sequence, long offsetBytes, int lengthBytes, int missing) {
        reset(kind, offsetBytes, lengthBytes);
        this.sequence = sequence;
        this.missing = missing;
    }

    final void reset(Kind newKind, long newOffsetBytes, int newLengthBytes) {
        kind = newKind;
        offsetBytes = newOffsetBytes;
        lengthBytes = newLengthBytes;
        forceUnitAccess = false;
        wantsDigests = false;
        sequence = 0;
        peer = 0;
        session = 0;
        missing = 0;
        unwritten = 0;
        unreceived = 0;
        arrival = 0;
        status = IoStatus.OK;
        started = false;
        completed = false;
        held = false;
        flushing = false;
        firstSlot = NO_SLOT;
        lastSlot = NO_SLOT;
        next = null;
    }

    final long firstBlock() {
        return VolumeGeometry.blockOf(offsetBytes);
    }

    final long endBlock() {
        return VolumeGeometry.endBlock(offsetBytes, lengthBytes);
    }

    final boolean changesDisk() {
        return kind == Kind.WRITE || kind == Kind.PEER_WRITE || kind == Kind.PEER_RESYNC_WRITE;
    }

    /** Whether the two may not be in flight together: same block, and one changes it. */
    final boolean conflictsWith(BlockRequest other) {
        return (changesDisk() || other.changesDisk())
                && firstBlock() < other.endBlock()
                && other.firstBlock() < endBlock();
    }

    @Override
    public String toString() {
        return kind + " #" + sequence + " at " + offsetBytes + "+" + lengthBytes;
    }
}
