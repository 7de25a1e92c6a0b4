package io.holdfast.lab.vrrp;

import io.holdfast.lab.world.LabHost;
import io.holdfast.linux.nativecall.SystemCallException;
import io.holdfast.linux.net.PacketSocket;
import io.holdfast.linux.net.Rtnetlink;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hears adverts and gratuitous ARP on a client's interface. */
public final class FrameWatch implements AutoCloseable {
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final int PROTOCOL_VRRP = 112;
    private static final long PATIENCE_MILLIS = 100;

    /** A gratuitous ARP: when, and the last byte of the sender's Ethernet address. */
    public record Announcement(long atNanos, int sender) {}

    /** An advert: when, from whom (the last byte of its address), and its priority. */
    public record Advert(long atNanos, int sender, int priority, int virtualRouterId) {}

    private final List<Announcement> announcements = new CopyOnWriteArrayList<>();
    private final List<Advert> adverts = new CopyOnWriteArrayList<>();
    private final byte[] address;
    private final List<PacketSocket> sockets;
    private final List<Thread> threads;
    private volatile boolean ends;

    /**
     * Listens.
     *
     * @param address whose announcements count
     */
    public FrameWatch(LabHost client, String interfaceName, InetAddress address) {
        this.address = address.getAddress();
        PacketSocket arp = open(client, interfaceName, ARP);
        PacketSocket ip = open(client, interfaceName, IPV4);
        sockets = List.of(arp, ip);
        threads =
                List.of(
                        Thread.ofPlatform().daemon().start(() -> listen(arp, this::heardArp)),
                        Thread.ofPlatform().daemon().start(() -> listen(ip, this::heardIp)));
    }

    public List<Announcement> announcementsSince(long nanos) {
        return announcements.stream().filter(a -> a.atNanos >= nanos).toList();
    }

    public List<Advert> advertsSince(long nanos) {
        return adverts.stream().filter(a -> a.atNanos >= nanos).toList();
    }

    @Override
    public void close() {
        ends = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        sockets.forEach(PacketSocket::close);
    }

    private interface Heard {
        void frame(byte[] frame);
    }

    private static PacketSocket open(LabHost client, String interfaceName, int ethertype) {
        return client.network()
                .call(
                        () -> {
                            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                                return PacketSocket.open(
                                        rtnetlink.requireLink(interfaceName),
                                        ethertype,
                                        PATIENCE_MILLIS);
                            }
                        });
    }

    private void listen(PacketSocket socket, Heard heard) {
        while (!ends) {
            try {
                ByteBuffer buffer = socket.receive();
                byte[] frame = new byte[buffer.remaining()];
                buffer.get(frame);
                heard.frame(frame);
            } catch (SystemCallException e) {
                // Nothing for a while.
            }
        }
    }

    // Sender and target are the same address.
    private void heardArp(byte[] frame) {
        if (frame.length >= 42
                && Arrays.equals(frame, 28, 32, address, 0, 4)
                && Arrays.equals(frame, 38, 42, address, 0, 4)) {
            announcements.add(new Announcement(System.nanoTime(), frame[11] & 0xff));
        }
    }

    private void heardIp(byte[] frame) {
        if (frame.length >= 14 + 20 + 8 && frame[14 + 9] == PROTOCOL_VRRP) {
            adverts.add(
                    new Advert(
                            System.nanoTime(),
                            frame[14 + 15] & 0xff,
                            frame[14 + 20 + 2] & 0xff,
                            frame[14 + 20 + 1] & 0xff));
        }
    }
}
