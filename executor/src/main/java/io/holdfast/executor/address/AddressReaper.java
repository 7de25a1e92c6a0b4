package io.holdfast.executor.address;

import io.holdfast.api.lease.GuardedAddress;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.linux.net.Rtnetlink;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code storaged}'s look at the lease: takes the addresses on the lease page down once the lease
 * is over, in case {@code clusterd} is stuck or dead and does not.
 */
public final class AddressReaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressReaper.class);
    private static final long PERIOD_MILLIS = 25;

    private final LeasePageReader page;
    private final Rtnetlink network = Rtnetlink.open();
    private final ScheduledThreadPoolExecutor reaper =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("address-reaper").factory());

    // What is remembered here outlives a writer that died while it wrote.
    private List<GuardedAddress> guarded = List.of();
    private long incarnation;
    private long generation = -1;
    private boolean reaped;

    public AddressReaper(LeasePageReader page) {
        this.page = page;
        var _ =
                reaper.scheduleWithFixedDelay(
                        this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        reaper.shutdownNow();
        network.close();
    }

    private void look() {
        try {
            LeasePageReader.Header header = page.header();
            if (header.incarnation() != 0
                    && (header.incarnation() != incarnation
                            || header.addressGeneration() != generation)) {
                guarded = page.guardedAddresses();
                incarnation = header.incarnation();
                generation = header.addressGeneration();
                reaped = false;
            }
            boolean over = header.actingUntilNanos() - System.nanoTime() <= 0;
            if (!over) {
                reaped = false;
            } else if (!reaped) {
                guarded.forEach(this::takeDown);
                reaped = true;
            }
        } catch (RuntimeException e) {
            LOG.error("floating addresses could not be looked after; tried again at once", e);
        }
    }

    private void takeDown(GuardedAddress address) {
        String networkInterface = address.networkInterface();
        if (network.link(networkInterface).isPresent()
                && network.removeAddress(
                        networkInterface, address.address(), address.prefixLength())) {
            LOG.warn("the lease is over and clusterd left {} up: taken down", address);
        }
    }
}
