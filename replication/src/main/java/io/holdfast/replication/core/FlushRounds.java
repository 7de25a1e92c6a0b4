package io.holdfast.replication.core;

import io.holdfast.replication.volume.IoStatus;
import org.jspecify.annotations.Nullable;

/**
 * Flushes on the Primary: one round at a time asks the local disk and every mirrored replica to
 * flush; who wants a flush while a round is under way gets the next one. A round covers what was
 * complete on all of them when it began, which is what a flush promises to its user.
 */
final class FlushRounds {
    private final VolumeEngine engine;
    private @Nullable BlockRequest waiting;
    private @Nullable BlockRequest inRound;
    private boolean wanted;
    private boolean running;
    private long round;
    private int unflushed;
    private IoStatus status = IoStatus.OK;
    private long completedRounds;

    FlushRounds(VolumeEngine engine) {
        this.engine = engine;
    }

    long completedRounds() {
        return completedRounds;
    }

    boolean isRunning() {
        return running;
    }

    /** Completes the request after a round that begins from now on. */
    void join(BlockRequest request) {
        request.flushing = true;
        request.next = waiting;
        waiting = request;
        startIfIdle();
    }

    /** A round without anybody waiting for it: to make blocks stable. */
    void request() {
        wanted = true;
        startIfIdle();
    }

    private void startIfIdle() {
        if (!running && (waiting != null || wanted)) {
            start();
        }
    }

    private void start() {
        running = true;
        wanted = false;
        inRound = waiting;
        waiting = null;
        round++;
        status = IoStatus.OK;
        unflushed = 1 << engine.self;
        engine.hot.unstable.beginFlush();
        engine.requests.keepInFlightUnstable();
        long confirmed = engine.requests.announcedSequence();
        for (PeerLink link : engine.links()) {
            if (link.isMirrored()) {
                unflushed |= 1 << link.index;
                engine.out.sendFlush(link.index, round, confirmed);
            }
        }
        BlockRequest own = engine.out.newFlushRequest();
        own.reset(BlockRequest.Kind.OWN_FLUSH, 0, 0);
        own.sequence = round;
        engine.out.flushDisk(own);
    }

    void ownDone(BlockRequest request, IoStatus result) {
        engine.out.release(request);
        if (!running || request.sequence != round) {
            return;
        }
        unflushed &= ~(1 << engine.self);
        if (result != IoStatus.OK) {
            status = result;
            engine.diskFailed("a flush of the local disk failed");
        }
        if (engine.protocol == Protocol.A) {
            completeWaiters();
        }
        finishIfDone();
    }

    void peerDone(PeerLink link, long ofRound, IoStatus result) {
        if (!running || ofRound != round) {
            return;
        }
        if (result != IoStatus.OK) {
            link.drop("its disk could not be flushed: " + result);
            return;
        }
        unflushed &= ~(1 << link.index);
        finishIfDone();
    }

    void peerLost(PeerLink link) {
        unflushed &= ~(1 << link.index);
        finishIfDone();
    }

    private void finishIfDone() {
        if (!running || unflushed != 0) {
            return;
        }
        running = false;
        completedRounds++;
        if (status == IoStatus.OK) {
            engine.hot.unstable.endFlush();
            engine.announceStable(round);
        }
        completeWaiters();
        engine.hot.pump();
        engine.flushRoundEnded();
        startIfIdle();
    }

    private void completeWaiters() {
        BlockRequest request = inRound;
        inRound = null;
        while (request != null) {
            BlockRequest next = request.next;
            request.next = null;
            request.flushing = false;
            if (status != IoStatus.OK) {
                request.status = status;
            }
            engine.requests.finishUser(request);
            request = next;
        }
    }

    /** Nobody is Primary any more: who waits is told so. */
    void abandon() {
        BlockRequest first = waiting;
        waiting = null;
        inRound = append(inRound, first);
        for (BlockRequest r = inRound; r != null; r = r.next) {
            r.status = IoStatus.NOT_PRIMARY;
        }
        running = false;
        unflushed = 0;
        completeWaiters();
    }

    private static @Nullable BlockRequest append(
            @Nullable BlockRequest list, @Nullable BlockRequest more) {
        if (list == null) {
            return more;
        }
        BlockRequest last = list;
        while (last.next != null) {
            last = last.next;
        }
        last.next = more;
        return list;
    }
}
