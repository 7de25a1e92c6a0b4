package io.holdfast.membership.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket with a thread of its own that receives. An address that is not there yet (a link
 * that comes up late) is tried again until it is; until then sending loses what is sent, as
 * networks do.
 */
final class DatagramPort implements AutoCloseable {
    /** Called on the port's thread; {@code datagram} is valid only during the call. */
    @FunctionalInterface
    interface Handler {
        void received(DatagramPort port, InetSocketAddress from, ByteBuffer datagram);
    }

    private static final Logger LOG = LoggerFactory.getLogger(DatagramPort.class);
    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int BUFFER_BYTES = 2 * 1024 * 1024;
    private static final long RETRY_NANOS = 500_000_000L;

    private final String name;
    private final InetSocketAddress bindAddress;
    private final Handler handler;
    private final Thread thread;
    private final AtomicLong notSent = new AtomicLong();
    private volatile @Nullable DatagramChannel channel;
    private volatile boolean closed;
    private volatile boolean cut;
    private @Nullable DatagramChannel first;

    /**
     * Opens at once, or later when the address is not there.
     *
     * @param bindAddress the wildcard with port 0 for any
     */
    DatagramPort(String name, InetSocketAddress bindAddress, Handler handler) {
        this.name = name;
        this.bindAddress = bindAddress;
        this.handler = handler;
        this.thread = Thread.ofPlatform().name("holdfast-" + name).daemon().unstarted(this::run);
    }

    /**
     * Binds and receives from now on.
     *
     * @throws ProblemException when another process has the port
     */
    void start() {
        try {
            first = bind();
        } catch (IOException e) {
            if (isTaken(e)) {
                throw new ProblemException(portTaken(e), e);
            }
        }
        channel = first;
        thread.start();
    }

    /** Where it is bound; the configured address before it is. */
    InetSocketAddress address() {
        DatagramChannel open = channel;
        try {
            return open == null ? bindAddress : (InetSocketAddress) open.getLocalAddress();
        } catch (IOException e) {
            return bindAddress;
        }
    }

    /** Datagrams that the kernel did not take: no route, no address, no room. */
    long notSentCount() {
        return notSent.get();
    }

    /** Loses everything from now on, or not: a pulled cable, for tests. */
    void setCut(boolean isCut) {
        cut = isCut;
    }

    void send(ByteBuffer datagram, InetSocketAddress to) {
        DatagramChannel open = channel;
        if (open == null || cut) {
            return;
        }
        try {
            open.send(datagram.duplicate(), to);
        } catch (IOException | RuntimeException e) {
            // A link that is down says so here; heartbeats find it out for everybody.
            if (notSent.incrementAndGet() == 1) {
                LOG.debug("{}: cannot send to {}", name, to, e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        DatagramChannel open = channel;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        RealtimeThread.prefer();
        boolean told = false;
        while (!closed) {
            try (DatagramChannel open = firstOrBind()) {
                channel = open;
                told = false;
                receive(open);
            } catch (AsynchronousCloseException e) {
                return;
            } catch (IOException e) {
                if (!told) {
                    LOG.warn(
                            "{}: cannot use {} yet ({}); trying again until it is there",
                            name,
                            bindAddress,
                            e.toString());
                    told = true;
                }
            }
            channel = null;
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private DatagramChannel firstOrBind() throws IOException {
        DatagramChannel bound = first;
        first = null;
        return bound != null ? bound : bind();
    }

    private static boolean isTaken(IOException e) {
        // The JDK tells EADDRINUSE from EADDRNOTAVAIL only by the message of strerror(3).
        return e instanceof BindException && String.valueOf(e.getMessage()).contains("in use");
    }

    private Problem portTaken(IOException e) {
        return new Problem(
                "a UDP port is taken",
                bindAddress.getAddress().getHostAddress() + ":" + bindAddress.getPort(),
                e.toString(),
                "find who has it (ss -lunp), stop it or configure another port");
    }

    private DatagramChannel bind() throws IOException {
        DatagramChannel opened = DatagramChannel.open();
        try {
            opened.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            opened.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            opened.bind(bindAddress);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void receive(DatagramChannel open) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
        while (!closed) {
            buffer.clear();
            InetSocketAddress from = (InetSocketAddress) open.receive(buffer);
            if (from == null || cut) {
                continue;
            }
            try {
                handler.received(this, from, buffer.flip());
            } catch (RuntimeException e) {
                LOG.error("{}: a datagram from {} could not be handled", name, from, e);
            }
        }
    }
}
