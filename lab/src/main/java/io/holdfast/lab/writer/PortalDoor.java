package io.holdfast.lab.writer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Waits until a TCP port answers. While an address moves, a SYN may go to nobody, and TCP sends it
 * again only after a second; so a new attempt begins every few milliseconds.
 */
final class PortalDoor {
    private static final long NEW_ATTEMPT_NANOS = 15_000_000;

    /** A refusal tells that the address is there and its target will be in a moment. */
    private static final long AFTER_REFUSAL_NANOS = 2_000_000;

    private static final long ATTEMPT_LIFE_NANOS = 100_000_000;

    private record Attempt(SocketChannel channel, long begunNanos) {}

    private PortalDoor() {}

    /**
     * Returns when a connection was made (and closed again).
     *
     * @throws InterruptedException when the calling thread is interrupted meanwhile
     */
    static void awaitOpen(InetSocketAddress portal) throws InterruptedException {
        Deque<Attempt> attempts = new ArrayDeque<>();
        try (Selector selector = Selector.open()) {
            try {
                while (true) {
                    long now = System.nanoTime();
                    giveUpOld(attempts, now);
                    if (begin(portal, selector, attempts, now) || answered(selector, now)) {
                        return;
                    }
                }
            } finally {
                attempts.forEach(attempt -> closeQuietly(attempt.channel));
            }
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            throw new IllegalStateException("no selector", e);
        }
    }

    /** Begins one more attempt; true in the rare case that it succeeds at once. */
    private static boolean begin(
            InetSocketAddress portal, Selector selector, Deque<Attempt> attempts, long now)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        try {
            if (channel.connect(portal)) {
                closeQuietly(channel);
                return true;
            }
        } catch (IOException e) {
            closeQuietly(channel); // no route at the moment
            return false;
        }
        channel.register(selector, SelectionKey.OP_CONNECT);
        attempts.addLast(new Attempt(channel, now));
        return false;
    }

    private static boolean answered(Selector selector, long begunNanos)
            throws IOException, InterruptedException {
        long untilNanos = begunNanos + NEW_ATTEMPT_NANOS;
        long left = untilNanos - System.nanoTime();
        while (left > 0) {
            selector.select(Math.max(1, left / 1_000_000));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            for (SelectionKey key : selector.selectedKeys()) {
                if (isConnected((SocketChannel) key.channel())) {
                    return true;
                }
                key.cancel();
                untilNanos = begunNanos + AFTER_REFUSAL_NANOS;
            }
            selector.selectedKeys().clear();
            left = untilNanos - System.nanoTime();
        }
        return false;
    }

    private static boolean isConnected(SocketChannel channel) {
        try {
            return channel.finishConnect();
        } catch (IOException e) {
            closeQuietly(channel); // refused: the address is there, its target not yet
            return false;
        }
    }

    private static void giveUpOld(Deque<Attempt> attempts, long now) {
        while (!attempts.isEmpty() && now - attempts.getFirst().begunNanos > ATTEMPT_LIFE_NANOS) {
            closeQuietly(attempts.removeFirst().channel);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was given up anyway.
        }
    }
}
