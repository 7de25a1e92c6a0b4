package io.holdfast.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.SystemCallException;
import io.holdfast.linux.process.Namespace;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RtnetlinkTest {
    private final InetAddress v4 = address("192.0.2.31");
    private final InetAddress v6 = address("2001:db8::31");

    private Namespace network;
    private Rtnetlink rtnetlink;

    @BeforeEach
    void open() {
        network = OwnNetwork.create();
        rtnetlink = Rtnetlink.open(network);
    }

    @AfterEach
    void close() {
        if (rtnetlink != null) {
            rtnetlink.close();
            network.close();
        }
    }

    @Test
    void aNewNamespaceHasOnlyALoopbackThatIsDown() {
        assertThat(rtnetlink.links())
                .singleElement()
                .satisfies(
                        link -> {
                            assertThat(link.name()).isEqualTo("lo");
                            assertThat(link.loopback()).isTrue();
                            assertThat(link.up()).isFalse();
                        });
        rtnetlink.setUp("lo");
        assertThat(rtnetlink.requireLink("lo").up()).isTrue();
    }

    @Test
    void aVethPairIsMadeAndDeletedWhole() {
        rtnetlink.createVethPair("left", "right");
        assertThat(rtnetlink.requireLink("left").kind()).contains("veth");
        rtnetlink.deleteLink("right");
        assertThat(rtnetlink.link("left")).isEmpty();
    }

    @Test
    void aLinkRunsWhenBothEndsAreUp() {
        rtnetlink.createVethPair("left", "right");
        rtnetlink.setUp("left");
        assertThat(rtnetlink.requireLink("left").running()).isFalse();
        rtnetlink.setUp("right");
        assertThat(rtnetlink.requireLink("left").running()).isTrue();
        rtnetlink.setDown("right");
        assertThat(rtnetlink.requireLink("left").running()).isFalse();
    }

    @Test
    void aPortEntersAndLeavesABridge() {
        rtnetlink.createBridge("bridge0");
        rtnetlink.createVethPair("port0", "host0");
        rtnetlink.setMaster("port0", "bridge0");
        assertThat(rtnetlink.requireLink("port0").master())
                .hasValue(rtnetlink.requireLink("bridge0").index());
        rtnetlink.clearMaster("port0");
        assertThat(rtnetlink.requireLink("port0").master()).isEmpty();
    }

    @Test
    void aLinkIsRenamedAndGetsAnotherEthernetAddress() {
        MacAddress mac = MacAddress.parse("02:00:c0:00:02:1f");
        rtnetlink.createVethPair("before", "peer");
        rtnetlink.rename("before", "after");
        rtnetlink.setMacAddress("after", mac);
        assertThat(rtnetlink.link("before")).isEmpty();
        assertThat(rtnetlink.requireLink("after").macAddress()).contains(mac);
    }

    @Test
    void aPeerIsBornInAnotherNamespaceAndALinkMovesThere() {
        try (Namespace other = OwnNetwork.create();
                Rtnetlink there = Rtnetlink.open(other)) {
            rtnetlink.createVethPair("here", "there", other);
            assertThat(rtnetlink.link("there")).isEmpty();
            assertThat(there.link("there")).isPresent();

            rtnetlink.createBridge("mover");
            assertThatThrownBy(() -> rtnetlink.moveTo("mover", other))
                    .as("a bridge is bound to its namespace")
                    .isInstanceOf(SystemCallException.class);
            rtnetlink.moveTo("here", other);
            assertThat(there.link("here")).isPresent();
        }
    }

    @Test
    void aLinkMovesIntoTheNamespaceOfAProcess() {
        String mark = "hf" + ProcessHandle.current().pid();
        rtnetlink.createVethPair(mark, "stays");
        long self = ProcessHandle.current().pid();
        rtnetlink.moveToNamespaceOf(mark, self);
        try (Rtnetlink ours = Rtnetlink.open()) {
            assertThat(ours.link(mark)).isPresent();
        } finally {
            rtnetlink.deleteLink("stays");
        }
    }

    @Test
    void addressesComeWithLabelPrefixAndNetwork() {
        rtnetlink.createVethPair("eth0", "peer");
        rtnetlink.addAddress("eth0", address("192.0.2.1"), 24);
        rtnetlink.addAddress("eth0", v4, 24, AddressOptions.PLAIN.withLabel("eth0:float"));
        rtnetlink.addAddress("eth0", v6, 64);

        assertThat(rtnetlink.addresses("eth0"))
                .filteredOn(a -> a.address().equals(v4))
                .singleElement()
                .satisfies(
                        a -> {
                            assertThat(a.prefixLength()).isEqualTo(24);
                            assertThat(a.label()).contains("eth0:float");
                            assertThat(a.validSeconds()).isEmpty();
                            assertThat(a.secondary()).isTrue();
                        });
        assertThat(rtnetlink.hasAddress(v6)).isTrue();

        assertThat(rtnetlink.removeAddress("eth0", v4, 24)).isTrue();
        assertThat(rtnetlink.removeAddress("eth0", v4, 24)).isFalse();
        assertThat(rtnetlink.removeAddress("eth0", v6, 64)).isTrue();
        assertThat(rtnetlink.hasAddress(v4)).isFalse();
    }

    @Test
    void theKernelTakesAnAddressWithALifetimeAwayByItself() throws InterruptedException {
        rtnetlink.createVethPair("eth0", "peer");
        rtnetlink.addAddress("eth0", v4, 32, AddressOptions.PLAIN.withValidSeconds(1));
        assertThat(rtnetlink.addresses("eth0").getFirst().validSeconds()).hasValue(1);
        rtnetlink.addOrRefreshAddress("eth0", v4, 32, AddressOptions.PLAIN.withValidSeconds(1));
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (rtnetlink.hasAddress(v4)) {
            assertThat(System.nanoTime()).as("address still there after 5 s").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void aSecondAddIsRefusedAndSaysWhatIsThere() {
        rtnetlink.createVethPair("eth0", "peer");
        rtnetlink.addAddress("eth0", v4, 24);
        assertThatThrownBy(() -> rtnetlink.addAddress("eth0", v4, 24))
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        e -> {
                            assertThat(e.errno()).isEqualTo(Errno.EEXIST);
                            assertThat(e.problem().object())
                                    .isEqualTo("address 192.0.2.31/24 on eth0");
                            assertThat(e.problem().why()).startsWith("EEXIST (File exists)");
                            assertThat(e.problem().remedy()).isNotBlank();
                        });
    }

    @Test
    void routesAreAddedAndRemoved() {
        rtnetlink.createVethPair("eth0", "peer");
        rtnetlink.setUp("eth0");
        rtnetlink.setUp("peer");
        rtnetlink.addAddress("eth0", address("192.0.2.1"), 24);
        Route direct =
                new Route(address("198.51.100.0"), 24, Optional.empty(), Optional.of("eth0"));
        Route standard =
                new Route(
                        address("0.0.0.0"),
                        0,
                        Optional.of(address("192.0.2.254")),
                        Optional.empty());
        rtnetlink.addRoute(direct);
        rtnetlink.addRoute(standard);
        assertThat(rtnetlink.removeRoute(standard)).isTrue();
        assertThat(rtnetlink.removeRoute(direct)).isTrue();
        assertThat(rtnetlink.removeRoute(direct)).isFalse();
    }

    @Test
    void anInterfaceThatIsNotThereIsNamedWithThoseThatAre() {
        assertThatThrownBy(() -> rtnetlink.addAddress("int1.24", v4, 24))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.problem().object()).isEqualTo("int1.24");
                            assertThat(e.problem().why()).isEqualTo("this machine has lo");
                        });
        assertThatThrownBy(() -> rtnetlink.createBridge("a-name-of-16-byt"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("1 to 15 bytes");
    }

    static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
