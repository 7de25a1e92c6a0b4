package io.holdfast.executor.address;

import io.holdfast.api.lease.GuardedAddress;
import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.AddressAnnouncement;
import io.holdfast.linux.net.AddressOptions;
import io.holdfast.linux.net.Rtnetlink;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The floating addresses that are up on this node, by the resource that wants them up.
 *
 * <p>An address is only put up while this node's lease runs. It is on the lease page before it is
 * in the kernel, and in the kernel with a lifetime of {@value #VALID_SECONDS} s that is begun anew
 * as long as the lease runs. When the lease ends, it is taken down at once and its resource is
 * told; putting it up again is a new decision.
 *
 * <p>Any thread may call; one thread of its own looks at the lease and repeats announcements.
 */
public final class FloatingAddresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FloatingAddresses.class);

    /** The kernel counts whole seconds, and looks once a second: dead after one to two. */
    static final int VALID_SECONDS = 1;

    private static final long REFRESH_MILLIS = 250;

    /** How much later than its end a lease's end is noticed here, at most. */
    private static final long LEASE_CHECK_MILLIS = 20;

    /** As IPaddr2's arp_count and arp_interval. */
    private static final int ANNOUNCEMENTS = 5;

    private static final long ANNOUNCEMENT_INTERVAL_MILLIS = 200;

    private final LongSupplier leaseUntilNanos;
    private final LeasePageWriter page;
    private final Consumer<String> lost;
    private final Rtnetlink network = Rtnetlink.open();
    private final TreeMap<String, Held> held = new TreeMap<>();
    private final ScheduledThreadPoolExecutor keeper =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("floating-addresses").factory());
    private long nextRefreshNanos = System.nanoTime();
    private boolean closed;

    private static final class Held {
        final FloatingAddress address;
        final @Nullable AddressAnnouncement announcement;
        int announcementsLeft = ANNOUNCEMENTS;
        long nextAnnouncementNanos = System.nanoTime();

        Held(FloatingAddress address, @Nullable AddressAnnouncement announcement) {
            this.address = address;
            this.announcement = announcement;
        }
    }

    /**
     * Takes down what an earlier {@code clusterd} left up, and begins to keep.
     *
     * @param leaseUntilNanos until when ({@link System#nanoTime}) this node may act
     * @param page where {@code storaged} sees what to take down
     * @param lost told the resource whose address was taken down because the lease ended; on the
     *     keeper's thread
     */
    public FloatingAddresses(
            LongSupplier leaseUntilNanos, LeasePageWriter page, Consumer<String> lost) {
        this.leaseUntilNanos = leaseUntilNanos;
        this.page = page;
        this.lost = lost;
        for (GuardedAddress left : page.inherited()) {
            LOG.warn("taking down {}, which an earlier clusterd left up", left);
            takeDown(left.networkInterface(), left.address(), left.prefixLength());
        }
        var _ =
                keeper.scheduleWithFixedDelay(
                        this::keep, LEASE_CHECK_MILLIS, LEASE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether this node's lease runs, so that {@link #up} would not be refused for want of it. */
    public boolean isLeased() {
        return !isLeaseOver();
    }

    /** Puts an address up for a resource and announces it. Up already: nothing. */
    public synchronized void up(String resource, FloatingAddress address) {
        Held already = held.get(resource);
        if (already != null && already.address.equals(address) && isUp(address)) {
            return;
        }
        requireLease(address);
        if (already != null) {
            drop(resource, already);
        }
        page.guard(address.guarded());
        AddressAnnouncement announcement = null;
        try {
            putUp(address);
            announcement = announcement(address);
        } finally {
            held.put(resource, new Held(address, announcement));
        }
        keeper.execute(this::keep); // the first announcement, now
    }

    /** Takes down the address of a resource, on whatever interface it is. */
    public synchronized void down(String resource, InetAddress address) {
        Held holding = held.get(resource);
        if (holding != null) {
            drop(resource, holding);
        }
        for (var found : network.addresses()) {
            if (found.address().equals(address)) {
                network.links().stream()
                        .filter(link -> link.index() == found.interfaceIndex())
                        .forEach(link -> takeDown(link.name(), address, found.prefixLength()));
            }
        }
    }

    /** Whether the kernel has the address on its interface. */
    public boolean isUp(FloatingAddress address) {
        return network.link(address.networkInterface()).isPresent()
                && network.addresses(address.networkInterface()).stream()
                        .anyMatch(found -> found.address().equals(address.address()));
    }

    /** What is up now, by resource. */
    public synchronized Map<String, FloatingAddress> up() {
        Map<String, FloatingAddress> addresses = new TreeMap<>();
        held.forEach((resource, holding) -> addresses.put(resource, holding.address));
        return addresses;
    }

    /** Ends keeping; addresses that are up die when their lifetime is over. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            held.values().forEach(FloatingAddresses::stopAnnouncing);
        }
        keeper.shutdownNow();
        network.close();
    }

    // --- keeping -------------------------------------------------------------------------------

    private void keep() {
        try {
            List<String> taken = isLeaseOver() ? dropAll() : keepUp();
            taken.forEach(lost);
        } catch (RuntimeException e) {
            LOG.error("floating addresses could not be looked after; tried again at once", e);
        }
    }

    private synchronized List<String> dropAll() {
        List<String> taken = new ArrayList<>(held.keySet());
        for (String resource : taken) {
            Held holding = held.get(resource);
            if (holding != null) {
                LOG.warn("the lease is over: taking down {} ({})", holding.address, resource);
                drop(resource, holding);
            }
        }
        return taken;
    }

    private synchronized List<String> keepUp() {
        if (closed) {
            return List.of();
        }
        long now = System.nanoTime();
        held.values().forEach(holding -> announce(holding, now));
        if (held.isEmpty() || now - nextRefreshNanos < 0) {
            return List.of();
        }
        nextRefreshNanos = now + TimeUnit.MILLISECONDS.toNanos(REFRESH_MILLIS);
        return refresh();
    }

    /**
     * Begins the lifetimes anew. An address that is not there any more was taken away by somebody
     * else: the monitor says so, and the cluster decides.
     *
     * @return the resources whose address is gone
     */
    private List<String> refresh() {
        Set<InetAddress> present = new HashSet<>();
        network.addresses().forEach(found -> present.add(found.address()));
        List<String> gone = new ArrayList<>();
        held.forEach(
                (resource, holding) -> {
                    if (present.contains(holding.address.address())) {
                        refresh(resource, holding);
                    } else {
                        stopAnnouncing(holding);
                        page.unguard(holding.address.guarded());
                        gone.add(resource);
                    }
                });
        gone.forEach(held::remove);
        return gone;
    }

    /** One that fails must not keep the others from theirs; its own lifetime tells in the end. */
    private void refresh(String resource, Held holding) {
        try {
            putUp(holding.address);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} ({}) could not be refreshed; tried again: {}",
                    holding.address,
                    resource,
                    e.getMessage());
        }
    }

    private static void announce(Held holding, long now) {
        AddressAnnouncement announcement = holding.announcement;
        if (announcement != null
                && holding.announcementsLeft > 0
                && now - holding.nextAnnouncementNanos >= 0) {
            try {
                announcement.send();
            } catch (RuntimeException e) {
                // A link that is down must not keep the addresses on other links from their
                // refreshment: the kernel would take them away.
                LOG.debug("{} could not be announced", holding.address, e);
            }
            holding.nextAnnouncementNanos =
                    now + TimeUnit.MILLISECONDS.toNanos(ANNOUNCEMENT_INTERVAL_MILLIS);
            if (--holding.announcementsLeft == 0) {
                announcement.close();
            }
        }
    }

    private void drop(String resource, Held holding) {
        // Never announced after it is gone.
        stopAnnouncing(holding);
        FloatingAddress address = holding.address;
        takeDown(address.networkInterface(), address.address(), address.prefixLength());
        page.unguard(address.guarded());
        held.remove(resource);
    }

    private static void stopAnnouncing(Held holding) {
        holding.announcementsLeft = 0;
        if (holding.announcement != null) {
            holding.announcement.close();
        }
    }

    private void putUp(FloatingAddress address) {
        AddressOptions options = AddressOptions.PLAIN.withValidSeconds(VALID_SECONDS);
        network.addOrRefreshAddress(
                address.networkInterface(),
                address.address(),
                address.prefixLength(),
                address.label().map(options::withLabel).orElse(options));
    }

    private void takeDown(String networkInterface, InetAddress address, int prefixLength) {
        if (network.link(networkInterface).isPresent()) {
            network.removeAddress(networkInterface, address, prefixLength);
        }
    }

    /** An interface without Ethernet addresses (loopback, tunnels) has no neighbours to tell. */
    private @Nullable AddressAnnouncement announcement(FloatingAddress address) {
        var link = network.requireLink(address.networkInterface());
        return link.loopback() || link.macAddress().isEmpty()
                ? null
                : AddressAnnouncement.of(link, address.address());
    }

    private boolean isLeaseOver() {
        return leaseUntilNanos.getAsLong() - System.nanoTime() <= 0;
    }

    private void requireLease(FloatingAddress address) {
        if (isLeaseOver()) {
            throw new ProblemException(
                    new Problem(
                            "a floating address is not put up",
                            address.toString(),
                            "this node has no lease now, so another node may have the address",
                            "see `holdfast status`: a quorum of votes gives the lease"));
        }
    }
}
