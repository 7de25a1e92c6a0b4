package io.holdfast.lab.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.cluster.Waiting;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.lab.world.LabRequirements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A machine with {@code eth0} and {@code ./holdfast keepalived} on it. */
final class KeepalivedNode implements AutoCloseable {
    static final long PATIENCE_MILLIS = 20_000;

    private final Lab lab;
    private final LabHost host;
    private final HoldfastProgram program = HoldfastProgram.underTest();

    private KeepalivedNode(Lab lab, LabHost host) {
        this.lab = lab;
        this.host = host;
    }

    static KeepalivedNode create() throws IOException {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        Lab lab = Lab.create();
        LabNetwork network = lab.addNetwork("service");
        LabHost host =
                lab.addHost("node").plug(network, "eth0", InetAddress.getByName("192.0.2.1"), 24);
        host.powerOn();
        Files.createDirectories(host.root().resolve("etc/keepalived"));
        return new KeepalivedNode(lab, host);
    }

    Path root() {
        return host.root();
    }

    LabHost host() {
        return host;
    }

    /** An instance in version 3 with adverts every 0.1 s, and more lines in it. */
    static String instance(String... lines) {
        return """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            version 3
            advert_int 0.1
            priority 100
            virtual_ipaddress {
                192.0.2.100/24
            }
            %s
        }
        """
                .formatted(String.join("\n    ", lines));
    }

    void configure(String text) {
        write("etc/keepalived/keepalived.conf", text);
    }

    Path write(String path, String text) {
        try {
            Path file = host.root().resolve(path);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script that everybody may run. */
    Path script(String name, String... lines) {
        Path file = write(name, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        try {
            return Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it in the foreground; its log is the file {@code log}. */
    HostProcess start(String... options) {
        List<String> command = new ArrayList<>(command("-n", "-l", "-G"));
        command.addAll(List.of(options));
        return host.start(command, program.environment(), Optional.of(root().resolve("log")));
    }

    /** Runs {@code holdfast keepalived} to its end; what it printed. */
    Ended run(String... arguments) throws InterruptedException {
        HostProcess process =
                host.start(command(arguments), program.environment(), Optional.empty());
        String output = process.readAll();
        assertThat(process.waitFor(PATIENCE_MILLIS)).isTrue();
        return new Ended(process.exitCode(), output);
    }

    record Ended(int code, String output) {}

    private List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(program.launcher().toString(), "keepalived"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Any other program on this machine. */
    HostProcess shell(String line) {
        return host.start(List.of("sh", "-c", line), program.environment(), Optional.empty());
    }

    /** Sends a signal to the process that the pid file names. */
    void signal(int number) throws InterruptedException {
        HostProcess kill = shell("kill -" + number + " $(cat run/keepalived.pid)");
        assertThat(kill.waitFor(PATIENCE_MILLIS)).isTrue();
        assertThat(kill.exitCode()).isZero();
    }

    String addresses() {
        return shell("ip -o addr show dev eth0").readAll();
    }

    String read(String path) {
        try {
            Path file = root().resolve(path);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitText(String path, String text) {
        Waiting.until(
                path + " has: " + text,
                PATIENCE_MILLIS,
                () ->
                        read(path).contains(text)
                                ? Optional.empty()
                                : Optional.of("it has: " + read(path)));
    }

    void awaitGone(String path) {
        Waiting.until(
                path + " is gone",
                PATIENCE_MILLIS,
                () ->
                        Files.exists(root().resolve(path))
                                ? Optional.of("it is there")
                                : Optional.empty());
    }

    @Override
    public void close() {
        lab.close();
    }
}
