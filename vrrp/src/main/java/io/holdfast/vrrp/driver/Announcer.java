package io.holdfast.vrrp.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.Link;
import io.holdfast.linux.net.PacketSocket;
import io.holdfast.vrrp.codec.AnnouncementFrames;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.driver.AddressChanges.Placed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sends announcements, spaced where {@code garp_interval} or {@code gna_interval} say so. The first
 * of each address goes out before the second of any, so that nobody waits for another's
 * repetitions.
 *
 * <p><b>Nothing is ever announced for an address that has been given up</b>: {@link #forget} comes
 * before it is taken down.
 */
final class Announcer implements AutoCloseable {
    /** More than the announcements of 255 instances with some addresses. */
    private static final int MOST_WAITING = 65_536;

    private record Waiting(String instance, Link link, IpAddress address, long gapNanos) {}

    private record Port(int interfaceIndex, int ethertype) {}

    private final InterfacePicture picture;
    private final Consumer<Problem> troubles;
    private final Map<Port, PacketSocket> sockets = new HashMap<>();
    private final Map<String, Long> freeAtNanos = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    Announcer(InterfacePicture picture, Consumer<Problem> troubles) {
        this.picture = picture;
        this.troubles = troubles;
    }

    /** Opens what announcing the instance's addresses will need. */
    void prepare(InstanceSettings instance) {
        for (Waiting w : once(instance)) {
            try {
                PacketSocket _ = socket(w);
            } catch (ProblemException e) {
                troubles.accept(e.problem());
            }
        }
    }

    void announce(InstanceSettings instance, int times, long nowNanos) {
        List<Waiting> once = once(instance);
        for (int i = 0; i < times && waiting.size() + once.size() <= MOST_WAITING; i++) {
            waiting.addAll(once);
        }
        work(nowNanos);
    }

    private List<Waiting> once(InstanceSettings instance) {
        List<Waiting> once = new ArrayList<>();
        for (Placed placed : AddressChanges.addresses(instance)) {
            boolean v4 = placed.address().address().family() == AddressFamily.IPV4;
            long gap =
                    v4
                            ? instance.announcements().arpInterval().toNanos()
                            : instance.announcements().advertisementInterval().toNanos();
            addIfEthernet(once, instance, placed.interfaceName(), placed, gap);
            instance.announcements()
                    .extraInterfaces()
                    .forEach(e -> addIfEthernet(once, instance, e.interfaceName(), placed, gap));
        }
        return once;
    }

    private void addIfEthernet(
            List<Waiting> once,
            InstanceSettings instance,
            String interfaceName,
            Placed placed,
            long gapNanos) {
        picture.link(interfaceName)
                .filter(link -> link.macAddress().isPresent() && !link.loopback())
                .ifPresent(
                        link ->
                                once.add(
                                        new Waiting(
                                                instance.name(),
                                                link,
                                                placed.address().address(),
                                                gapNanos)));
    }

    /** The instance gives its addresses up. */
    void forget(String instance) {
        waiting.removeIf(w -> w.instance.equals(instance));
    }

    /** When {@link #work} has something to do; {@code Long.MAX_VALUE}: nothing. */
    long dueAtNanos() {
        long due = Long.MAX_VALUE;
        if (!waiting.isEmpty()) {
            for (Waiting w : waiting) {
                due = Math.min(due, freeAt(w));
                if (w.gapNanos == 0) {
                    break;
                }
            }
        }
        return due;
    }

    /** Sends what may be sent now. */
    void work(long nowNanos) {
        int rounds = waiting.size();
        for (int i = 0; i < rounds; i++) {
            Waiting next = waiting.removeFirst();
            if (freeAt(next) > nowNanos) {
                waiting.addLast(next);
                continue;
            }
            send(next);
            if (next.gapNanos > 0) {
                freeAtNanos.put(key(next), nowNanos + next.gapNanos);
            }
        }
    }

    /** An interface is gone, or another one now. */
    void forgetInterface(int index) {
        waiting.removeIf(w -> w.link.index() == index);
        sockets.entrySet()
                .removeIf(
                        entry -> {
                            if (entry.getKey().interfaceIndex == index) {
                                entry.getValue().close();
                                return true;
                            }
                            return false;
                        });
    }

    @Override
    public void close() {
        sockets.values().forEach(PacketSocket::close);
        sockets.clear();
        waiting.clear();
    }

    private long freeAt(Waiting w) {
        return w.gapNanos == 0 ? 0 : freeAtNanos.getOrDefault(key(w), 0L);
    }

    private static String key(Waiting w) {
        return w.link.name() + "/" + w.address.family();
    }

    private void send(Waiting w) {
        byte[] owner = w.link.macAddress().orElseThrow().bytes();
        try {
            socket(w).send(AnnouncementFrames.announcing(w.address, owner, false));
        } catch (ProblemException e) {
            troubles.accept(e.problem());
        }
    }

    private PacketSocket socket(Waiting w) {
        int ethertype =
                w.address.family() == AddressFamily.IPV4
                        ? AnnouncementFrames.ETHERTYPE_ARP
                        : AnnouncementFrames.ETHERTYPE_IPV6;
        return sockets.computeIfAbsent(
                new Port(w.link.index(), ethertype),
                port -> PacketSocket.openForSending(w.link, ethertype));
    }
}
