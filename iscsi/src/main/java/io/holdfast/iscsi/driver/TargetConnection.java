package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.MalformedPduException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP connection of the target: login first, then the full feature phase, then closed. */
final class TargetConnection implements EventLoop.Channel {
    private static final Logger LOG = LoggerFactory.getLogger(TargetConnection.class);

    /** After this many reads of one connection the others get their turn. */
    private static final int READS_A_TURN = 8;

    private final SocketChannel channel;
    private final EventLoop loop;
    private final IscsiTargetService service;
    private final InetSocketAddress portal;
    private final InetSocketAddress initiator;
    private final ReentrantLock lock = new ReentrantLock();
    private final Outbox outbox;
    private final PduAssembler assembler;
    private final LoginPhase login;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long openedNanos = System.nanoTime();
    private volatile long lastHeardNanos = openedNanos;
    private volatile @Nullable FullFeaturePhase session;
    private volatile @Nullable SelectionKey key;
    private volatile @Nullable Thread readingThread;

    TargetConnection(SocketChannel channel, EventLoop loop, IscsiTargetService service)
            throws IOException {
        this.channel = channel;
        this.loop = loop;
        this.service = service;
        this.portal = (InetSocketAddress) channel.getLocalAddress();
        this.initiator = (InetSocketAddress) channel.getRemoteAddress();
        this.outbox = new Outbox(lock, channel, this::wantWritable);
        this.login = new LoginPhase(this, service);
        this.assembler = new PduAssembler(login, LoginPhase.MAX_DATA_BYTES);
    }

    /** Runs in the loop's thread. */
    void start() {
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException | CancelledKeyException e) {
            close("it could not be watched: " + e);
        }
    }

    InetSocketAddress portal() {
        return portal;
    }

    InetSocketAddress initiator() {
        return initiator;
    }

    ReentrantLock lock() {
        return lock;
    }

    Outbox outbox() {
        return outbox;
    }

    PduAssembler assembler() {
        return assembler;
    }

    EventLoop loop() {
        return loop;
    }

    boolean loggingIn() {
        return session == null;
    }

    boolean isClosed() {
        return closed.get();
    }

    long openedNanos() {
        return openedNanos;
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }

    @Nullable FullFeaturePhase session() {
        return session;
    }

    void sessionBegan(FullFeaturePhase began) {
        session = began;
        if (closed.get()) {
            began.connectionClosed();
        }
    }

    @Override
    public void ready(SelectionKey readyKey, ByteBuffer staging) {
        try {
            if (readyKey.isWritable()) {
                readyKey.interestOpsAnd(~SelectionKey.OP_WRITE);
                outbox.writable();
            }
            if (readyKey.isReadable()) {
                readingThread = Thread.currentThread();
                try {
                    readTurn(staging);
                } finally {
                    readingThread = null;
                }
                outbox.flush();
            }
        } catch (MalformedPduException e) {
            LOG.warn("initiator {} on portal {}: {}; closing", initiator, portal, e.getMessage());
            close(e.getMessage());
        } catch (IOException e) {
            close(e.getMessage());
        } catch (CancelledKeyException e) {
            close("closed meanwhile");
        } catch (RuntimeException e) {
            LOG.error("initiator {} on portal {}: a fault of ours; closing", initiator, portal, e);
            close(e.toString());
        }
    }

    private void readTurn(ByteBuffer staging) throws IOException {
        lastHeardNanos = System.nanoTime();
        for (int turn = 0; turn < READS_A_TURN && !closed.get(); turn++) {
            ByteBuffer direct = assembler.directDestination();
            int count;
            boolean more;
            if (direct != null) {
                count = channel.read(direct);
                more = !direct.hasRemaining();
                if (count > 0) {
                    assembler.directRead(count);
                }
            } else {
                staging.clear();
                count = channel.read(staging);
                more = !staging.hasRemaining();
                staging.flip();
                assembler.feed(staging);
            }
            if (count < 0) {
                close("the initiator closed the connection");
                return;
            }
            if (!more) {
                break;
            }
        }
    }

    /**
     * Writes what is queued; a failure closes the connection. Any thread. A command that is done
     * while its own connection is being read goes out with the others of that turn.
     */
    void flush() {
        if (Thread.currentThread().equals(readingThread)) {
            return;
        }
        try {
            outbox.flush();
        } catch (IOException e) {
            close(e.getMessage());
        }
    }

    private void wantWritable() {
        SelectionKey current = key;
        try {
            if (current != null) {
                current.interestOpsOr(SelectionKey.OP_WRITE);
                loop.wakeup();
            }
        } catch (CancelledKeyException e) {
            // Closed by another thread; there is nothing left to write to.
            LOG.debug("connection of {} is closed already", initiator);
        }
    }

    /** Ends the connection and with it its session, once. Any thread. */
    void close(@Nullable String reason) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LOG.debug("initiator {} on portal {}: closed: {}", initiator, portal, reason);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the connection of {}", initiator, e);
        }
        lock.lock();
        try {
            outbox.close();
        } finally {
            lock.unlock();
        }
        FullFeaturePhase ended = session;
        if (ended != null) {
            ended.connectionClosed();
        }
        service.connectionClosed(this);
        // A cancelled key leaves the selector only when the loop turns.
        loop.wakeup();
    }
}
