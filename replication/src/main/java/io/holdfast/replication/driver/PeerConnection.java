package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.Problem;
import io.holdfast.replication.codec.PeerFrame;
import io.holdfast.replication.codec.PeerFrameChecksums;
import io.holdfast.replication.codec.PeerFrameException;
import io.holdfast.replication.codec.PeerFrameMessage;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.core.VolumeGeometry;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a peer that has proven itself: a thread that reads, a thread that writes.
 *
 * <pre>
 *  state      until
 *  OPEN       finish(): FINISHING; an error, silence, close(): CLOSED
 *  FINISHING  what was queued is written, or that takes too long: CLOSED
 *  CLOSED     (the reader waits for the writer, then tells that the session is over)
 * </pre>
 *
 * <p>Blocks are sent from where they lie, and belong to somebody else as soon as the session is
 * over. So the writer marks, under the lock, the time in which it looks at blocks, and both ways to
 * end a session wait until it does not any more: {@link #finish} and the end of {@link #run}.
 */
final class PeerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);

    /** How long what was queued before {@link #finish} may take. */
    private static final long FINISH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Frames that go into one system call, at most. */
    private static final int BATCH_FRAMES = 64;

    /** A system call takes no further frame once it has so much to write. */
    private static final int BATCH_BYTES = 1 << 20;

    /**
     * What is read beyond what is needed, at most: many acknowledgements, or a small write, in one
     * system call; most of a large write goes straight to its block.
     */
    private static final int READ_AHEAD_BYTES = 16 << 10;

    private enum State {
        OPEN,
        FINISHING,
        CLOSED
    }

    /**
     * A frame on its way out.
     *
     * @param payload from position to limit; null when it has none
     * @param block whether the payload is a block's memory, not our own
     */
    private record Outgoing(PeerFrame frame, @Nullable ByteBuffer payload, boolean block) {
        int payloadBytes() {
            return payload == null ? 0 : payload.remaining();
        }
    }

    private final SocketChannel channel;
    private final int peer;
    private final long session;
    private final String name;
    private final NetOptions options;
    private final PeerEvents events;
    private final Consumer<Problem> problems;

    private final ReentrantLock lock = new ReentrantLock();

    /** Something was queued, the state changed, or the writer has let go of its blocks. */
    private final Condition changed = lock.newCondition();

    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();
    private boolean blocksInUse;
    private long finishByNanos;
    private String reason = "";
    private @Nullable Thread reader;
    private volatile State state = State.OPEN;

    // What the writer's thread uses.
    private final List<Outgoing> batch = new ArrayList<>(BATCH_FRAMES);
    private final ByteBuffer heads =
            ByteBuffer.allocateDirect(
                    BATCH_FRAMES * (PeerFrame.HEAD_BYTES + PeerFrameChecksums.MAX_BYTES));
    private final ByteBuffer[] headViews = new ByteBuffer[BATCH_FRAMES + 1];
    private final ByteBuffer[] parts = new ByteBuffer[2 * BATCH_FRAMES + 1];

    // What the reader's thread uses; incoming is always ready to be taken from.
    private final ByteBuffer incoming =
            ByteBuffer.allocateDirect(PeerFrame.MAX_MESSAGE_BYTES).limit(0);
    private final ByteBuffer checksums = ByteBuffer.allocate(PeerFrameChecksums.MAX_BYTES);
    private volatile boolean waiting;
    private volatile long waitingSinceNanos;

    /**
     * @param channel connected and blocking; this object closes it
     * @param name of volume and peer, for threads and problems
     */
    PeerConnection(
            SocketChannel channel,
            int peer,
            long session,
            String name,
            NetOptions options,
            PeerEvents events,
            Consumer<Problem> problems) {
        this.channel = channel;
        this.peer = peer;
        this.session = session;
        this.name = name;
        this.options = options;
        this.events = events;
        this.problems = problems;
        for (int i = 0; i < headViews.length; i++) {
            headViews[i] = heads.duplicate();
        }
    }

    long session() {
        return session;
    }

    /** Where the peer is; null when the connection is closed. */
    @Nullable InetAddress peerAddress() {
        return channel.socket().getInetAddress();
    }

    // ---- the beginning and the end

    /** Reads on the calling thread until the connection has ended, for whatever reason. */
    void run() {
        Thread writer =
                Thread.ofPlatform().daemon().name("holdfast-send-" + name).start(this::write);
        setReader(Thread.currentThread());
        read();
        joinUninterruptibly(writer);
        setReader(null);
        // An interrupt that was meant for the reader must not hit what its thread does next.
        boolean _ = Thread.interrupted();
        events.disconnected(peer, session, reason);
    }

    /** Ends the connection now. */
    void close(String why) {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return;
            }
            if (state == State.OPEN) {
                reason = why;
            }
            state = State.CLOSED;
            queue.clear();
            closeChannel();
            changed.signalAll();
            // It may be waiting for a block.
            if (reader != null && !reader.equals(Thread.currentThread())) {
                reader.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the session now, and the connection as soon as the peer was told what had to be told
     * first, such as that its epoch is over. A block, and what was queued behind one, is not sent
     * any more; when this returns, none is looked at. Waits for that as long as a system call takes
     * to be interrupted.
     */
    void finish(String why) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                state = State.FINISHING;
                reason = why;
                finishByNanos = System.nanoTime() + FINISH_NANOS;
                cutQueueAtFirstBlock();
                changed.signalAll();
            }
            if (blocksInUse) {
                close(why);
            }
            while (blocksInUse) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the connection up when the peer is silent, or finishing takes too long.
     *
     * @param suspected whether the cluster hears nothing over this path either
     */
    void closeIfOverdue(long nowNanos, boolean suspected) {
        int patienceMillis =
                suspected ? options.suspectTimeoutMillis() : options.pingTimeoutMillis();
        long silenceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        State now = state;
        if (now == State.OPEN && waiting && nowNanos - waitingSinceNanos > silenceNanos) {
            close("it has said nothing for " + patienceMillis + " ms");
        } else if (now == State.FINISHING && isFinishOverdue(nowNanos)) {
            close("it did not read its last frames");
        }
    }

    private boolean isFinishOverdue(long nowNanos) {
        lock.lock();
        try {
            return nowNanos - finishByNanos > 0;
        } finally {
            lock.unlock();
        }
    }

    // Frames behind a block must not arrive without it: they may say that everything was sent.
    private void cutQueueAtFirstBlock() {
        boolean cut = false;
        for (var frames = queue.iterator(); frames.hasNext(); ) {
            cut |= frames.next().block();
            if (cut) {
                frames.remove();
            }
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the connection of {}", name, e);
        }
    }

    private void setReader(@Nullable Thread thread) {
        lock.lock();
        try {
            reader = thread;
        } finally {
            lock.unlock();
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        while (true) {
            try {
                thread.join();
                return;
            } catch (InterruptedException e) {
                LOG.trace("close() meant to wake a reader that waits for a block", e);
            }
        }
    }

    // ---- sending; dropped unless OPEN

    void send(PeerMessage message) {
        ByteBuffer payload = PeerFrameMessage.encode(message);
        enqueue(new Outgoing(PeerFrame.message(payload.remaining()), payload, false));
    }

    void sendWrite(IoBlock block, Epoch epoch, long confirmedSequence) {
        enqueueBlock(
                PeerFrame.write(
                        block.sequence(),
                        block.offsetBytes(),
                        block.lengthBytes(),
                        block.missing(),
                        epoch,
                        confirmedSequence),
                block);
    }

    void sendResyncWrite(IoBlock block) {
        enqueueBlock(
                PeerFrame.resyncWrite(
                        block.sequence(),
                        block.offsetBytes(),
                        block.lengthBytes(),
                        block.missing()),
                block);
    }

    void sendDigests(IoBlock block) {
        ByteBuffer digests = ByteBuffer.wrap(block.digests);
        PeerFrame frame =
                PeerFrame.digests(
                        block.sequence(),
                        block.offsetBytes(),
                        digests.remaining() / PeerFrame.DIGEST_BYTES);
        enqueue(new Outgoing(frame, digests, false));
    }

    void send(PeerFrame frame) {
        enqueue(new Outgoing(frame, null, false));
    }

    private void enqueueBlock(PeerFrame frame, IoBlock block) {
        Invariant.check(
                block.lengthBytes() <= PeerFrame.MAX_DATA_BYTES, "too long to send: %s", block);
        enqueue(new Outgoing(frame, block.view(), true));
    }

    private void enqueue(Outgoing frame) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                queue.addLast(frame);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the writer's thread

    // What throws here is a bug; the reader must hear of the end all the same.
    @SuppressWarnings("CatchingUnchecked")
    private void write() {
        try {
            while (takeBatch()) {
                writeFully(encodeBatch());
                letGoOfBatch();
            }
            close("everything was sent");
        } catch (IOException e) {
            close("it cannot be written to: " + e.getMessage());
        } catch (InterruptedException e) {
            close("the thread that writes to it was stopped");
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a frame could not be sent", name, e);
            close("a frame to it could not be sent: " + e);
        } finally {
            letGoOfBatch();
        }
    }

    /** Waits for frames, and pings when none comes; false when there is nothing more to write. */
    private boolean takeBatch() throws InterruptedException {
        lock.lock();
        try {
            long quietNanos = TimeUnit.MILLISECONDS.toNanos(options.pingIntervalMillis());
            while (queue.isEmpty() && state == State.OPEN) {
                quietNanos = changed.awaitNanos(quietNanos);
                if (quietNanos <= 0) {
                    queue.addLast(new Outgoing(PeerFrame.ping(), null, false));
                }
            }
            int bytes = 0;
            while (!queue.isEmpty() && batch.size() < BATCH_FRAMES && bytes < BATCH_BYTES) {
                Outgoing frame = queue.removeFirst();
                batch.add(frame);
                bytes += frame.payloadBytes();
                blocksInUse |= frame.block();
            }
            return !batch.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void letGoOfBatch() {
        lock.lock();
        try {
            batch.clear();
            blocksInUse = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sets {@link #parts} to heads and payloads in turn; heads without payload share a part. */
    private int encodeBatch() {
        heads.clear();
        int count = 0;
        int views = 0;
        int from = 0;
        for (Outgoing outgoing : batch) {
            outgoing.frame().encode(heads);
            ByteBuffer payload = outgoing.payload();
            if (payload != null) {
                PeerFrameChecksums.encode(payload, heads);
                parts[count++] = headViews[views++].clear().limit(heads.position()).position(from);
                parts[count++] = payload;
                from = heads.position();
            }
        }
        if (from < heads.position()) {
            parts[count++] = headViews[views].clear().limit(heads.position()).position(from);
        }
        return count;
    }

    private void writeFully(int count) throws IOException {
        int first = 0;
        while (first < count) {
            channel.write(parts, first, count - first);
            while (first < count && !parts[first].hasRemaining()) {
                first++;
            }
        }
    }

    // ---- the reader's thread

    // A callback that throws is a bug; the connection ends, but not the thread, which makes new
    // ones.
    @SuppressWarnings("CatchingUnchecked")
    private void read() {
        try {
            events.connected(peer, session);
            while (state == State.OPEN) {
                readFrame();
            }
        } catch (PeerFrameException e) {
            close(e.why());
            problems.accept(
                    new Problem(
                            "the connection was closed",
                            name,
                            e.why(),
                            "check the network path for faulty hardware or offloading, and that all"
                                    + " nodes run the same release"));
        } catch (EOFException e) {
            close("it closed the connection");
        } catch (IOException e) {
            close("its connection broke: " + e.getMessage());
        } catch (InterruptedException e) {
            close("its connection was closed while it waited for memory");
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a frame could not be handled", name, e);
            close("its frame could not be handled: " + e);
        }
    }

    private void readFrame() throws IOException, PeerFrameException, InterruptedException {
        fill(PeerFrame.HEAD_BYTES);
        PeerFrame frame = PeerFrame.decode(incoming);
        switch (frame.type()) {
            case PING -> {}
            case MESSAGE -> readMessage(frame.payloadBytes());
            case WRITE -> readBlock(frame, Kind.PEER_WRITE);
            case RESYNC_WRITE -> readBlock(frame, Kind.PEER_RESYNC_WRITE);
            case RECEIVED -> events.peerReceived(peer, session, frame.sequence());
            case WRITTEN ->
                    events.peerWritten(peer, session, false, frame.sequence(), frame.status());
            case RESYNC_WRITTEN ->
                    events.peerWritten(peer, session, true, frame.sequence(), frame.status());
            case FLUSH ->
                    events.peerFlush(peer, session, frame.sequence(), frame.confirmedSequence());
            case DIGESTS -> readDigests(frame);
            case DIGESTS_COMPARED ->
                    events.digestsCompared(
                            peer,
                            session,
                            frame.sequence(),
                            frame.confirmedSequence(),
                            frame.status());
            case FLUSHED -> events.peerFlushed(peer, session, frame.sequence(), frame.status());
        }
    }

    private void readMessage(int payloadBytes) throws IOException, PeerFrameException {
        readChecksums(payloadBytes);
        fill(payloadBytes);
        int limit = incoming.limit();
        incoming.limit(incoming.position() + payloadBytes);
        PeerFrameChecksums.verify(incoming, checksums);
        PeerMessage message = PeerFrameMessage.decode(incoming);
        incoming.limit(limit);
        events.received(peer, session, message);
    }

    private void readBlock(PeerFrame frame, Kind kind)
            throws IOException, PeerFrameException, InterruptedException {
        readChecksums(frame.payloadBytes());
        IoBlock block = events.takeBlock(frame.payloadBytes());
        boolean whole = false;
        try {
            readData(block.data.clear().limit(frame.payloadBytes()));
            PeerFrameChecksums.verify(block.data.rewind(), checksums);
            whole = state == State.OPEN;
        } finally {
            if (!whole) {
                events.giveBack(block);
            }
        }
        if (whole) {
            block.preparePeerWrite(
                    kind,
                    frame.sequence(),
                    frame.offsetBytes(),
                    frame.payloadBytes(),
                    frame.missing());
            events.peerWrite(peer, session, block, frame.epoch(), frame.confirmedSequence());
        }
    }

    private void readDigests(PeerFrame frame)
            throws IOException, PeerFrameException, InterruptedException {
        readChecksums(frame.payloadBytes());
        fill(frame.payloadBytes());
        byte[] digests = new byte[frame.payloadBytes()];
        PeerFrameChecksums.verify(
                incoming.duplicate().limit(incoming.position() + digests.length), checksums);
        incoming.get(digests);
        int lengthBytes = digests.length / PeerFrame.DIGEST_BYTES * VolumeGeometry.BLOCK_BYTES;
        IoBlock block = events.takeBlock(lengthBytes);
        block.expectedDigests = digests;
        block.prepareDigestRead(frame.sequence(), frame.offsetBytes(), lengthBytes);
        events.peerDigests(peer, session, block);
    }

    private void readChecksums(int payloadBytes) throws IOException {
        int bytes = PeerFrameChecksums.bytesFor(payloadBytes);
        fill(bytes);
        checksums.clear().limit(bytes);
        moveInto(checksums);
        checksums.flip();
    }

    private void readData(ByteBuffer data) throws IOException {
        moveInto(data);
        while (data.hasRemaining()) {
            readSome(data);
        }
    }

    private void moveInto(ByteBuffer target) {
        int bytes = Math.min(target.remaining(), incoming.remaining());
        target.put(target.position(), incoming, incoming.position(), bytes);
        target.position(target.position() + bytes);
        incoming.position(incoming.position() + bytes);
    }

    /** Has at least so many bytes in {@link #incoming}. */
    private void fill(int bytes) throws IOException {
        if (incoming.remaining() >= bytes) {
            return;
        }
        incoming.compact().limit(Math.max(bytes, READ_AHEAD_BYTES));
        while (incoming.position() < bytes) {
            readSome(incoming);
        }
        incoming.flip();
    }

    private void readSome(ByteBuffer target) throws IOException {
        waitingSinceNanos = System.nanoTime();
        waiting = true;
        int count = channel.read(target);
        waiting = false;
        if (count < 0) {
            throw new EOFException();
        }
    }
}
