package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.volume.IoStatus;

/**
 * What a {@link PeerNetwork} tells. Peers are meant by their index in the configuration's order of
 * nodes.
 *
 * <p>Called on the threads that read from connections: a call that takes long holds up its
 * connection, and one that waits must let itself be interrupted. For each session there is one
 * {@link #connected}, then what came, in order, then one {@link #disconnected}, and nothing after
 * it. A peer's next session begins after the last one was told to have ended.
 */
interface PeerEvents {
    /**
     * A block for a peer's write; waits until one is free.
     *
     * @param lengthBytes 1 to {@link io.holdfast.replication.codec.PeerFrame#MAX_DATA_BYTES}
     */
    IoBlock takeBlock(int lengthBytes) throws InterruptedException;

    /**
     * What {@link #takeBlock} gave is not needed: the connection ended before its data had come.
     */
    void giveBack(IoBlock block);

    /**
     * A connection is made, and the peer has proven who it is.
     *
     * @param session rises with each connection of this process
     */
    void connected(int peer, long session);

    /**
     * No block that was given to this session is looked at any more.
     *
     * @param reason why, as a sentence about the peer
     */
    void disconnected(int peer, long session, String reason);

    void received(int peer, long session, PeerMessage message);

    /**
     * A write of the Primary or a block of a resync's source, by the block's kind.
     *
     * @param block from {@link #takeBlock}; prepared, with its data from position 0 to the limit
     */
    void peerWrite(int peer, long session, IoBlock block, Epoch epoch, long confirmedSequence);

    /**
     * Digests to compare with our blocks.
     *
     * @param block from {@link #takeBlock}; prepared, with the peer's digests
     */
    void peerDigests(int peer, long session, IoBlock block);

    void digestsCompared(int peer, long session, long sequence, long differing, IoStatus status);

    void peerReceived(int peer, long session, long sequence);

    void peerWritten(int peer, long session, boolean resync, long sequence, IoStatus status);

    void peerFlush(int peer, long session, long round, long confirmedSequence);

    void peerFlushed(int peer, long session, long round, IoStatus status);

    /** For people to read; the same is told again after a while only. */
    void report(Problem problem);
}
