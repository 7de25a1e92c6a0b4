package io.holdfast.lab.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.iscsi.command.ServeCommand;
import io.holdfast.lab.LabMain;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.lab.world.LabRequirements;
import io.holdfast.linux.net.AddressAnnouncement;
import io.holdfast.linux.net.Rtnetlink;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The writer as a process, against our target, whose address moves to another host. */
class WriterFailoverTest {
    private static final InetAddress FLOATING = InetAddress.ofLiteral("192.168.123.31");
    private static final String IQN = "iqn.2026-01.io.holdfast:test";
    private static final String SECRET = "a secret of this test";

    private Lab lab;
    private LabNetwork service;
    private LabHost server1;
    private LabHost server2;
    private LabHost client;
    private Path disk;

    @BeforeEach
    void build() throws Exception {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        lab = Lab.create();
        service = lab.addNetwork("service");
        server1 = host("server1", 100);
        server2 = host("server2", 200);
        client = host("client", 10);
        disk = lab.directory().resolve("shared.img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        Files.writeString(lab.directory().resolve("secret"), SECRET + "\n");
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void acknowledgedWritesAreReadBackAfterTheDisksAddressMovedToAnotherHost() throws Exception {
        serve(server1);
        try (WriterProcess writer = startWriter()) {
            writer.awaitReady(20_000);
            awaitAcknowledgements(writer, 50);

            long killedAt = System.nanoTime();
            server1.powerOff();
            Thread.sleep(400); // long enough for the writer to notice the silence
            serve(server2);
            long before = writer.timeline().acknowledgements();
            awaitAcknowledgements(writer, before + 50);

            writer.pause(10_000);
            WriterProcess.Verification verification = writer.verify(10_000);
            assertThat(verification.damages()).isEmpty();
            assertThat(verification.blocks()).isBetween(100L, 256L);
            AckTimeline.Gap gap = writer.timeline().longestGap(killedAt, System.nanoTime());
            assertThat(gap.millis()).isGreaterThan(400);
            assertThat(gap.fromNanos()).isLessThan(gap.toNanos());
        }
    }

    @Test
    void aCutCableOnlyDelaysWrites() throws Exception {
        serve(server1);
        try (WriterProcess writer = startWriter()) {
            writer.awaitReady(20_000);
            awaitAcknowledgements(writer, 50);
            long cutAt = System.nanoTime();
            server1.cut(service);
            Thread.sleep(1_000);
            server1.heal(service);
            awaitAcknowledgements(writer, writer.timeline().acknowledgements() + 50);
            assertThat(writer.timeline().longestGap(cutAt, System.nanoTime()).millis())
                    .isBetween(990L, 1_500L);
            writer.pause(10_000);
            assertThat(writer.verify(10_000).intact()).isTrue();
        }
    }

    private LabHost host(String name, int lastByte) {
        LabHost host =
                lab.addHost(name)
                        .plug(
                                service,
                                "ring1",
                                InetAddress.ofLiteral("192.168.123." + lastByte),
                                24);
        host.powerOn();
        return host;
    }

    private void serve(LabHost host) throws Exception {
        try (Rtnetlink interfaces = Rtnetlink.open(host.network())) {
            interfaces.addAddress("ring1", FLOATING, 24);
            try (AddressAnnouncement announcement =
                    host.network()
                            .call(
                                    () ->
                                            AddressAnnouncement.of(
                                                    interfaces.requireLink("ring1"), FLOATING))) {
                announcement.send();
            }
        }
        HostProcess process =
                host.start(
                        java(
                                Serve.class,
                                "--iqn=" + IQN,
                                "--portal=" + FLOATING.getHostAddress(),
                                "--lun=0=" + disk,
                                "--chap=esxi:" + lab.directory().resolve("secret")),
                        Map.of(),
                        Optional.empty());
        String line = process.output().readLine();
        while (line != null && !line.startsWith("serving")) {
            line = process.output().readLine();
        }
        assertThat(line).as("the target has ended").isNotNull();
    }

    private WriterProcess startWriter() {
        return WriterProcess.follow(
                client.start(
                        java(
                                LabMain.class,
                                "lab-writer",
                                "--portal=" + FLOATING.getHostAddress(),
                                "--target=" + IQN,
                                "--blocks=256",
                                "--chap-user=esxi"),
                        Map.of(WriterCommand.SECRET_VARIABLE, SECRET),
                        Optional.empty()));
    }

    private static void awaitAcknowledgements(WriterProcess writer, long count)
            throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (writer.timeline().acknowledgements() < count) {
            assertThat(System.nanoTime()).as("%s", writer.lastLines()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private static List<String> java(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:-UsePerfData",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** `holdfast iscsi serve` without the launcher. */
    static final class Serve {
        private Serve() {}

        public static void main(String[] args) {
            System.exit(new CommandLine(new ServeCommand()).execute(args));
        }
    }
}
