package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.replication.volume.IoStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link VolumeEngine} wants done in the world. None of these calls may block or call the
 * engine back before it has returned from the event it is handling.
 *
 * <p>Peers are meant by their index in the configuration's order of nodes.
 */
public interface VolumeEffects {

    // ---- the local disk: each is answered by VolumeEngine.localDone

    void readDisk(BlockRequest request);

    void writeDisk(BlockRequest request);

    /** Makes everything stable whose write was answered before this call. */
    void flushDisk(BlockRequest request);

    // ---- metadata: carried out in the order given, each on stable storage before the next begins

    /** Answered by {@link VolumeEngine#superblockWritten}. */
    void writeSuperblock(Superblock superblock);

    /** Answered by {@link VolumeEngine#activityLogWritten}. */
    void writeActivityLog(int[] extents);

    /**
     * Not answered: what depends on it is written after it.
     *
     * @param words the page as it is now, to be copied; null when no bit is set
     */
    void writeBitmapPage(int peer, int page, long @Nullable [] words);

    // ---- peers: in order on each connection; dropped when the connection is gone

    void send(int peer, PeerMessage message);

    /** The request's data stays as it is until the peer acknowledged or the connection is gone. */
    void sendWrite(int peer, BlockRequest request, Epoch epoch, long confirmedSequence);

    void sendResyncWrite(int peer, BlockRequest request);

    /** The digests of what was read; answered by {@link VolumeEngine#digestsCompared}. */
    void sendDigests(int peer, BlockRequest request);

    /**
     * To the peer that sent digests: which of our blocks are not the same; what the driver found
     * when it read them.
     */
    void sendDigestsCompared(int peer, BlockRequest request, IoStatus status);

    /** To the Primary: that write is in our memory (protocol B). */
    void sendReceived(int peer, long sequence);

    /** To the Primary or source: that write is on our disk, or could not be written. */
    void sendWritten(int peer, boolean resync, long sequence, IoStatus status);

    /**
     * Asks a peer to flush what it has written.
     *
     * @param confirmedSequence writes up to this one are complete on all replicas
     */
    void sendFlush(int peer, long round, long confirmedSequence);

    void sendFlushed(int peer, long round, IoStatus status);

    /**
     * Ends a connection; the engine has already forgotten it and takes a new one later.
     *
     * @param standAlone no new attempt until a person asks for it
     */
    void disconnect(int peer, long session, String reason, boolean standAlone);

    /** Takes connections to and from that peer again. */
    void reconnect(int peer);

    // ---- users

    void complete(BlockRequest request, IoStatus status);

    /** The engine is done with a request; not before nobody uses its data any more. */
    void release(BlockRequest request);

    /** A request for a resync read, or null when all are in use. */
    @Nullable BlockRequest newResyncRequest();

    /** A request without data for a flush. */
    BlockRequest newFlushRequest();

    // ---- the cluster

    /** Whether acknowledgements and answers may go out under this epoch now. */
    boolean mayAct(Epoch epoch);

    /** Answered by {@link VolumeEngine#recorded}. */
    void recordOutdated(int peer, Epoch epoch);

    /** Answered by {@link VolumeEngine#recorded}. */
    void recordUpToDate(int peer, Epoch epoch);

    /** A random number that was never used: not 0, nor {@link Superblock#JUST_CREATED}. */
    long newGeneration();

    /** Something that a status shows has changed. */
    void stateChanged();

    /** For people to read. */
    void report(Problem problem);

    /**
     * Something that drbd.conf may have a handler for.
     *
     * @param peer whom it is about; the own index when nobody
     */
    void happened(VolumeEvent event, int peer);
}
