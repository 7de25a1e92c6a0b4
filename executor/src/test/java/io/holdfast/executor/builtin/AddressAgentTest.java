package io.holdfast.executor.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.Task;
import io.holdfast.executor.address.FloatingAddresses;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentResult;
import io.holdfast.linux.net.ArpPacket;
import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.Namespace;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AddressAgentTest {
    @TempDir Path folder;
    private final AtomicLong leaseUntil = new AtomicLong();
    private Namespace namespace;
    private Rtnetlink network;
    private LeasePageWriter page;
    private FloatingAddresses addresses;
    private AddressAgent agent;

    @BeforeEach
    void wire() {
        try {
            namespace = Namespace.create(Namespace.Kind.NETWORK);
        } catch (ProblemException e) {
            Assumptions.abort(e.getMessage());
        }
        network = Rtnetlink.open(namespace);
        network.createVethPair("int1.24", "peer1");
        network.createVethPair("int2.25", "peer2");
        for (String link : new String[] {"int1.24", "peer1", "int2.25", "peer2"}) {
            network.setUp(link);
        }
        network.addAddress("int1.24", InetAddress.ofLiteral("10.1.24.1"), 24);
        network.addAddress("int2.25", InetAddress.ofLiteral("10.1.25.1"), 16);
        page = LeasePageWriter.open(folder.resolve("lease-page"));
        leaseUntil.set(System.nanoTime() + 60_000_000_000L);
        addresses =
                namespace.call(() -> new FloatingAddresses(leaseUntil::get, page, resource -> {}));
        agent = new AddressAgent(addresses, network);
    }

    @AfterEach
    void unwire() {
        addresses.close();
        page.close();
        network.close();
        namespace.close();
    }

    @Test
    void theArticlesAddressGoesUpAndDown() {
        Map<String, String> parameters =
                Map.of("ip", "10.1.24.10", "cidr_netmask", "24", "nic", "int1.24");
        assertThat(run(Task.MONITOR, parameters)).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(run(Task.START, parameters)).isEqualTo(AgentResult.OK);
        assertThat(run(Task.MONITOR, parameters)).isEqualTo(AgentResult.OK);
        assertThat(find("int1.24", "10.1.24.10").orElseThrow().prefixLength()).isEqualTo(24);
        assertThat(run(Task.STOP, parameters)).isEqualTo(AgentResult.OK);
        assertThat(run(Task.STOP, parameters)).isEqualTo(AgentResult.OK);
        assertThat(run(Task.MONITOR, parameters)).isEqualTo(AgentResult.NOT_RUNNING);
    }

    @Test
    void withoutAnInterfaceTheClosestNetworkIsTaken() {
        run(Task.START, Map.of("ip", "10.1.24.10"));
        assertThat(find("int1.24", "10.1.24.10").orElseThrow().prefixLength()).isEqualTo(24);
        run(Task.STOP, Map.of("ip", "10.1.24.10"));
        run(Task.START, Map.of("ip", "10.1.30.10"));
        assertThat(find("int2.25", "10.1.30.10").orElseThrow().prefixLength()).isEqualTo(16);
    }

    @Test
    void aMaskMayBeDottedAndAnInterfaceAnAlias() {
        run(
                Task.START,
                Map.of("ip", "10.1.24.11", "cidr_netmask", "255.255.255.128", "nic", "int1.24:0"));
        assertThat(find("int1.24", "10.1.24.11").orElseThrow().prefixLength()).isEqualTo(25);
    }

    @Test
    void anAddressGoesUpInVersion6Too() {
        Map<String, String> parameters =
                Map.of("ip", "fd00::10", "cidr_netmask", "64", "nic", "int1.24", "iflabel", "x");
        run(Task.START, parameters);
        assertThat(run(Task.MONITOR, parameters)).isEqualTo(AgentResult.OK);
    }

    @Test
    void aStartWaitsForTheLeaseOfANewTerm() throws InterruptedException {
        leaseUntil.set(0);
        Thread renewal =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(100);
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    leaseUntil.set(System.nanoTime() + 60_000_000_000L);
                                });
        assertThat(run(Task.START, Map.of("ip", "10.1.24.10"))).isEqualTo(AgentResult.OK);
        renewal.join();
    }

    @Test
    void aStartWithoutALeaseIsRefusedInTheEnd() {
        leaseUntil.set(0);
        assertThatThrownBy(() -> run(Task.START, Map.of("ip", "10.1.24.10"), 200))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no lease");
    }

    @Test
    void whatCannotBeIsSaid() {
        wrong(Map.of(), "ip is missing");
        wrong(Map.of("ip", "server1"), "not an address");
        wrong(Map.of("ip", "10.1.24.10", "cidr_netmask", "33"), "not a prefix length");
        wrong(Map.of("ip", "10.1.24.10", "cidr_netmask", "255.0.255.0"), "not a prefix length");
        wrong(Map.of("ip", "172.16.0.1"), "no interface of this node");
        assertThatThrownBy(() -> run(Task.START, Map.of("ip", "10.1.24.10", "nic", "eth9")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("int1.24");
    }

    @Test
    void neighboursAreToldAtOnce() {
        ByteBuffer frame =
                namespace.call(
                        () -> {
                            try (var listening =
                                    io.holdfast.linux.net.PacketSocket.open(
                                            network.requireLink("peer1"),
                                            ArpPacket.ETHERTYPE,
                                            5_000)) {
                                run(Task.START, Map.of("ip", "10.1.24.10", "nic", "int1.24"));
                                return listening.receive();
                            }
                        });
        ArpPacket arp = ArpPacket.decode(frame);
        assertThat(arp.senderAddress()).isEqualTo(InetAddress.ofLiteral("10.1.24.10"));
        assertThat(arp.targetAddress()).isEqualTo(InetAddress.ofLiteral("10.1.24.10"));
    }

    private void wrong(Map<String, String> parameters, String why) {
        assertThatThrownBy(() -> run(Task.START, parameters))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining(why);
    }

    private AgentResult run(Task task, Map<String, String> parameters) {
        return run(task, parameters, 5_000);
    }

    private AgentResult run(Task task, Map<String, String> parameters, long timeoutMillis) {
        return namespace.call(
                () ->
                        unlessInterrupted(
                                new AgentCall(
                                        "IP",
                                        new ResourceAgent("ocf", "heartbeat", "IPaddr2"),
                                        task,
                                        0,
                                        timeoutMillis,
                                        new TreeMap<>(parameters),
                                        new TreeMap<>())));
    }

    private AgentResult unlessInterrupted(AgentCall call) {
        try {
            return agent.run(call);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<InterfaceAddress> find(String link, String ip) {
        return network.addresses(link).stream()
                .filter(address -> address.address().equals(InetAddress.ofLiteral(ip)))
                .findFirst();
    }
}
