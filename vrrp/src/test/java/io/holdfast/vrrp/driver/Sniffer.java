package io.holdfast.vrrp.driver;

import io.holdfast.linux.nativecall.SystemCallException;
import io.holdfast.linux.net.PacketSocket;
import io.holdfast.linux.net.Rtnetlink;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Hears what is flooded on a segment. */
final class Sniffer implements AutoCloseable {
    static final int ARP = 0x0806;
    static final int IPV4 = 0x0800;
    private static final long PATIENCE_MILLIS = 50;

    /** A frame and when it was heard. */
    record Heard(long atNanos, String source, String hex) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final PacketSocket socket;
    private final Thread thread;
    private volatile boolean ends;

    Sniffer(Segment segment, int ethertype) {
        socket =
                segment.switchRoom()
                        .call(
                                () -> {
                                    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                                        return PacketSocket.open(
                                                rtnetlink.requireLink("br0"),
                                                ethertype,
                                                PATIENCE_MILLIS);
                                    }
                                });
        thread = Thread.ofPlatform().daemon().start(this::listen);
    }

    /** Gratuitous ARPs for an address (in hex) since a moment, of an owner. */
    Stream<Heard> announcements(String addressHex, String owner, long sinceNanos) {
        return heard.stream()
                .filter(h -> h.atNanos >= sinceNanos)
                .filter(h -> h.source.equals(owner))
                .filter(h -> h.hex.startsWith("0001", 12 * 2 + 8 + 4 + 4))
                .filter(h -> h.hex.endsWith(addressHex));
    }

    List<Heard> heard() {
        return heard;
    }

    private void listen() {
        while (!ends) {
            try {
                ByteBuffer frame = socket.receive();
                byte[] bytes = new byte[frame.remaining()];
                frame.get(bytes);
                String hex = HexFormat.of().formatHex(bytes);
                heard.add(new Heard(System.nanoTime(), hex.substring(12, 24), hex));
            } catch (SystemCallException e) {
                // Nothing for a while.
            }
        }
    }

    @Override
    public void close() {
        ends = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        socket.close();
    }
}
