package io.holdfast.membership.core;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What this process knows of a peer's process, so that nothing recorded from a former life of
 * either is believed.
 *
 * <p>Each process draws a random incarnation at its start and writes into each frame the
 * incarnation of the receiver as it knows it. A frame that names ours is fresh: ours did not exist
 * before. A heartbeat that does not is answered (the peer then learns ours) but counts for nothing.
 *
 * <pre>
 *   STRANGER --- frame naming our incarnation ---> PROVEN(incarnation)
 *   PROVEN(old) --- the same from another incarnation ---> PROVEN(new); old is retired for good
 * </pre>
 */
public final class PeerSession {
    /** What to make of an authenticated frame. */
    public enum Verdict {
        /** Fresh: take it. */
        TAKE,
        /** Fresh, and the first of a new process of the peer. */
        TAKE_FROM_NEW_PROCESS,
        /** Seen before, over another ring. */
        SEEN,
        /** Names another incarnation than ours: answer a heartbeat, believe nothing. */
        UNPROVEN,
        /** Of a process that was replaced. */
        OUTDATED
    }

    private static final int RETIRED_REMEMBERED = 64;

    private final long ownIncarnation;
    private final Deque<Long> retired = new ArrayDeque<>();
    private ReplayWindow window = new ReplayWindow();
    private long proven;

    public PeerSession(long ownIncarnation) {
        this.ownIncarnation = ownIncarnation;
    }

    /** The peer's proven incarnation; 0 for a stranger. */
    public long incarnation() {
        return proven;
    }

    /** Cheap, before decryption: false when the frame would be {@link Verdict#SEEN} anyway. */
    public boolean mayBeNew(long senderIncarnation, long number) {
        return senderIncarnation != proven || window.isNew(number);
    }

    /**
     * Judges an authenticated frame, and remembers it.
     *
     * @param namedIncarnation the receiver's incarnation as the frame names it
     */
    public Verdict judge(long senderIncarnation, long namedIncarnation, long number) {
        if (retired.contains(senderIncarnation) || senderIncarnation == 0) {
            return Verdict.OUTDATED;
        }
        if (namedIncarnation != ownIncarnation) {
            return Verdict.UNPROVEN;
        }
        boolean newProcess = senderIncarnation != proven;
        if (newProcess) {
            retireProven();
            proven = senderIncarnation;
            window = new ReplayWindow();
        }
        if (!window.isNew(number)) {
            return Verdict.SEEN;
        }
        window.add(number);
        return newProcess ? Verdict.TAKE_FROM_NEW_PROCESS : Verdict.TAKE;
    }

    private void retireProven() {
        if (proven == 0) {
            return;
        }
        retired.addLast(proven);
        if (retired.size() > RETIRED_REMEMBERED) {
            retired.removeFirst();
        }
    }
}
