package io.holdfast.executor.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.Namespace;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a network namespace of its own, with a real wire. */
@Timeout(30)
class FloatingAddressesTest {
    private static final InetAddress IP = InetAddress.ofLiteral("10.1.24.10");
    private static final FloatingAddress FLOATING =
            new FloatingAddress("eth0", IP, 24, Optional.of("eth0:vip"));

    @TempDir Path folder;
    private Namespace namespace;
    private Rtnetlink network;
    private LeasePageWriter page;
    private FloatingAddresses addresses;
    private final AtomicLong leaseUntil = new AtomicLong();
    private final List<String> lost = new CopyOnWriteArrayList<>();

    @BeforeEach
    void wire() {
        try {
            namespace = Namespace.create(Namespace.Kind.NETWORK);
        } catch (ProblemException e) {
            Assumptions.abort(e.getMessage());
        }
        network = Rtnetlink.open(namespace);
        network.createVethPair("eth0", "peer");
        network.setUp("eth0");
        network.setUp("peer");
        network.addAddress("eth0", InetAddress.ofLiteral("10.1.24.1"), 24);
        page = LeasePageWriter.open(page());
        addresses = open();
    }

    @AfterEach
    void unwire() {
        addresses.close();
        page.close();
        network.close();
        namespace.close();
    }

    private Path page() {
        return folder.resolve("lease-page");
    }

    private FloatingAddresses open() {
        return namespace.call(() -> new FloatingAddresses(leaseUntil::get, page, lost::add));
    }

    /** On a thread of the namespace, as in a daemon that lives there. */
    private void up() {
        boolean _ =
                namespace.call(
                        () -> {
                            addresses.up("IP", FLOATING);
                            return true;
                        });
    }

    private void lease(long millis) {
        leaseUntil.set(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        page.extend(new Term(1), leaseUntil.get());
    }

    @Test
    void anAddressIsNotPutUpWithoutALease() {
        assertThatThrownBy(this::up)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no lease");
        assertThat(network.hasAddress(IP)).isFalse();
    }

    @Test
    void anAddressIsUpWithALifetimeAndOnTheLeasePage() {
        lease(60_000);
        up();
        up();
        InterfaceAddress found = find().orElseThrow();
        assertThat(found.validSeconds().orElseThrow())
                .isBetween(1L, (long) FloatingAddresses.VALID_SECONDS);
        assertThat(found.label()).contains("eth0:vip");
        assertThat(addresses.isUp(FLOATING)).isTrue();
        try (LeasePageReader reader = LeasePageReader.open(page())) {
            assertThat(reader.guardedAddresses()).containsExactly(FLOATING.guarded());
            addresses.down("IP", IP);
            assertThat(reader.guardedAddresses()).isEmpty();
        }
        assertThat(network.hasAddress(IP)).isFalse();
        assertThat(lost).isEmpty();
    }

    @Test
    void anAddressThatCannotBeRefreshedDoesNotKeepOthersFromIt() throws InterruptedException {
        lease(60_000);
        network.createVethPair("eth1", "peer1");
        network.setUp("eth1");
        network.setUp("peer1");
        InetAddress other = InetAddress.ofLiteral("10.1.25.10");
        boolean _ =
                namespace.call(
                        () -> {
                            addresses.up("A", FLOATING);
                            addresses.up(
                                    "B", new FloatingAddress("eth1", other, 24, Optional.empty()));
                            return true;
                        });
        // Its interface is gone, and somebody else has the address on another one.
        network.deleteLink("eth0");
        network.addAddress("eth1", IP, 24);

        Thread.sleep(2_500);

        assertThat(network.hasAddress(other)).isTrue();
        assertThat(addresses.up()).containsKey("B");
    }

    @Test
    void itsLifetimeIsRenewedWhileTheLeaseRuns() throws InterruptedException {
        lease(60_000);
        up();
        TimeUnit.SECONDS.sleep(FloatingAddresses.VALID_SECONDS + 2);
        assertThat(network.hasAddress(IP)).isTrue();
    }

    @Test
    void theEndOfTheLeaseTakesItDownAndTellsItsResource() throws InterruptedException {
        lease(300);
        up();
        long ends = leaseUntil.get();
        await(() -> !network.hasAddress(IP));
        assertThat(System.nanoTime() - ends).isBetween(0L, 500_000_000L);
        await(() -> !lost.isEmpty());
        assertThat(lost).containsExactly("IP");
        lease(60_000);
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(network.hasAddress(IP)).as("coming back is a new decision").isFalse();
    }

    @Test
    void itDiesWithItsKeepers() throws InterruptedException {
        lease(60_000);
        up();
        addresses.close();
        assertThat(network.hasAddress(IP)).isTrue();
        long alone = System.nanoTime();
        await(() -> !network.hasAddress(IP));
        assertThat(System.nanoTime() - alone).isLessThan(4_000_000_000L);
    }

    @Test
    void anAddressSomebodyTookAwayIsToldAndNotPutBack() throws InterruptedException {
        lease(60_000);
        up();
        // Again and again: a removal in the instant of a renewal is undone by it.
        await(
                () -> {
                    network.removeAddress("eth0", IP, 24);
                    return lost.contains("IP");
                });
        assertThat(network.hasAddress(IP)).isFalse();
    }

    @Test
    void storagedTakesItDownWhenClusterdIsStuck() throws InterruptedException {
        lease(300);
        up();
        addresses.close(); // stuck: looks at nothing any more
        try (LeasePageReader reader = LeasePageReader.open(page());
                AddressReaper _ = namespace.call(() -> new AddressReaper(reader))) {
            await(() -> !network.hasAddress(IP));
            assertThat(System.nanoTime() - leaseUntil.get()).isBetween(0L, 500_000_000L);
        }
    }

    @Test
    void aNewClusterdTakesDownWhatADeadOneLeft() {
        lease(60_000);
        up();
        addresses.close();
        page.close();
        assertThat(network.hasAddress(IP)).isTrue();
        page = LeasePageWriter.open(page());
        addresses = open();
        assertThat(network.hasAddress(IP)).isFalse();
    }

    private Optional<InterfaceAddress> find() {
        return network.addresses("eth0").stream().filter(a -> a.address().equals(IP)).findFirst();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("within 10 s").isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
