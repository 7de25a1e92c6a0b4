package io.holdfast.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("10.1.0.100");
    private static final InetAddress TWO = InetAddress.ofLiteral("10.1.0.200");
    private static final InetAddress FLOATING = InetAddress.ofLiteral("10.1.0.31");
    private static final int PORT = 5405;

    private Lab lab;
    private LabNetwork ring0;
    private LabHost server1;
    private LabHost server2;

    @BeforeEach
    void build() {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        lab = Lab.create();
        ring0 = lab.addNetwork("replication");
        server1 = lab.addHost("server1").plug(ring0, "ring0", ONE, 24);
        server2 = lab.addHost("server2").plug(ring0, "ring0", TWO, 24);
        server1.powerOn();
        server2.powerOn();
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
            assertThat(lab.directory()).doesNotExist();
        }
    }

    @Test
    void hostsHearEachOtherUntilACableIsCutAndAgainWhenItIsHealed() throws IOException {
        try (DatagramSocket from = socket(server1, ONE);
                DatagramSocket to = socket(server2, TWO)) {
            assertThat(delivers(from, to)).isTrue();
            server1.cut(ring0);
            assertThat(server1.hears(ring0)).isFalse();
            assertThat(delivers(from, to)).isFalse();
            assertThat(delivers(to, from)).isFalse();
            server1.heal(ring0);
            assertThat(delivers(from, to)).isTrue();
        }
    }

    @Test
    void aHostHasItsOwnNameProcessesAndDirectory() throws Exception {
        HostProcess process =
                server1.start(
                        List.of(
                                "sh",
                                "-c",
                                "uname -n; ls -d /proc/[0-9]* | wc -l; pwd; echo $HOLDFAST_ROOT $COLOR"),
                        Map.of("COLOR", "blue"),
                        Optional.empty());
        List<String> lines = process.readAll().lines().toList();
        assertThat(process.waitFor(5_000)).isTrue();
        assertThat(lines.get(0)).isEqualTo("server1");
        assertThat(Integer.parseInt(lines.get(1).strip())).isLessThan(10);
        assertThat(lines.get(2)).isEqualTo(server1.root().toString());
        assertThat(lines.get(3)).isEqualTo(server1.root() + " blue");
    }

    @Test
    void aPowerCutKillsEverythingAndForgetsAddressesButKeepsTheDisk() throws Exception {
        HostProcess daemon =
                server1.start(
                        List.of("sh", "-c", "echo written > disk; sleep 600 & sleep 600"),
                        Map.of(),
                        Optional.of(server1.root().resolve("log")));
        long first = server1.firstProcessId();
        awaitFile(server1.root().resolve("disk"));
        try (Rtnetlink interfaces = Rtnetlink.open(server1.network())) {
            interfaces.addAddress("ring0", FLOATING, 24);
        }

        server1.powerOff();

        assertThat(daemon.waitFor(5_000)).isTrue();
        assertThat(ProcessHandle.of(first)).isEmpty();
        assertThat(server1.isOn()).isFalse();
        assertThatThrownBy(server1::network).isInstanceOf(ProblemException.class);

        server1.powerOn();

        assertThat(server1.root().resolve("disk")).hasContent("written");
        try (Rtnetlink interfaces = Rtnetlink.open(server1.network())) {
            assertThat(interfaces.hasAddress(ONE)).isTrue();
            assertThat(interfaces.hasAddress(FLOATING)).isFalse();
        }
        try (DatagramSocket from = socket(server1, ONE);
                DatagramSocket to = socket(server2, TWO)) {
            assertThat(delivers(from, to)).isTrue();
        }
    }

    @Test
    void aCableThatWasCutBeforeThePowerStaysCut() throws IOException {
        server1.cut(ring0);
        server1.powerOff();
        server1.powerOn();
        try (DatagramSocket from = socket(server1, ONE);
                DatagramSocket to = socket(server2, TWO)) {
            assertThat(delivers(from, to)).isFalse();
        }
    }

    @Test
    void anotherLabUsesTheSameAddressesUnseen() throws IOException {
        try (Lab other = Lab.create()) {
            LabNetwork network = other.addNetwork("replication");
            LabHost host = other.addHost("server1").plug(network, "ring0", TWO, 24);
            host.powerOn();
            try (DatagramSocket from = socket(server1, ONE);
                    DatagramSocket here = socket(server2, TWO);
                    DatagramSocket there = socket(host, TWO)) {
                assertThat(delivers(from, here)).isTrue();
                assertThat(receives(there)).isFalse();
            }
        }
    }

    @Test
    void aSignalReachesTheProgramInside() throws Exception {
        HostProcess sleeper = server2.start(List.of("sleep", "600"), Map.of(), Optional.empty());
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!sleeper.signal(9)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
        assertThat(sleeper.waitFor(5_000)).isTrue();
        assertThat(sleeper.exitCode()).isNotZero();
        assertThat(server2.isOn()).isTrue();
    }

    private static DatagramSocket socket(LabHost host, InetAddress address) {
        return host.network()
                .call(
                        () -> {
                            try {
                                return new DatagramSocket(new InetSocketAddress(address, PORT));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private static boolean delivers(DatagramSocket from, DatagramSocket to) throws IOException {
        byte[] text = "heartbeat".getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(text, text.length, to.getLocalSocketAddress()));
        return receives(to);
    }

    private static boolean receives(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(300);
        try {
            socket.receive(new DatagramPacket(new byte[64], 64));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s is not written", file).isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
