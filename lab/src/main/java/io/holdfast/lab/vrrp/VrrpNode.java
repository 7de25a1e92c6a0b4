package io.holdfast.lab.vrrp;

import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.LabHost;
import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A machine that runs {@code holdfast keepalived} with Keepalived's own options. */
public final class VrrpNode {
    private static final int SIGTERM = 15;

    private final LabHost host;
    private final String interfaceName;
    private final HoldfastProgram program;
    private @Nullable HostProcess daemon;

    public VrrpNode(LabHost host, String interfaceName, HoldfastProgram program) {
        this.host = host;
        this.interfaceName = interfaceName;
        this.program = program;
    }

    public LabHost host() {
        return host;
    }

    /** Starts the daemon with this configuration; its log is {@link #log}. */
    public void start(String configuration) {
        Path file = host.root().resolve("keepalived.conf");
        try {
            Files.writeString(file, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon =
                host.start(
                        program.command(
                                "keepalived",
                                "-n",
                                "-l",
                                "-D",
                                "-P",
                                "-f",
                                file.toString(),
                                "-p",
                                host.root().resolve("pid").toString(),
                                "-r",
                                host.root().resolve("vrrp.pid").toString()),
                        program.environment(),
                        Optional.of(host.root().resolve("log")));
    }

    /** As {@code service keepalived stop}; returns when it has ended. */
    public boolean stop(long limitMillis) throws InterruptedException {
        HostProcess running = daemon;
        if (running == null) {
            return true;
        }
        boolean _ = running.signal(SIGTERM);
        return running.waitFor(limitMillis);
    }

    public boolean isRunning() {
        HostProcess running = daemon;
        return running != null && running.isAlive();
    }

    /** The address as {@code ip address} has it on the interface; empty: it is not there. */
    public Optional<InterfaceAddress> address(InetAddress address) {
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.network())) {
            return rtnetlink.addresses(interfaceName).stream()
                    .filter(a -> a.address().equals(address))
                    .findFirst();
        }
    }

    public boolean has(InetAddress address) {
        return host.isOn() && address(address).isPresent();
    }

    public String log() {
        try {
            Path file = host.root().resolve("log");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of the log with this text in them, whatever its case. */
    public List<String> logged(String text) {
        String wanted = text.toLowerCase(java.util.Locale.ROOT);
        return log().lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).contains(wanted))
                .toList();
    }

    public void forgetLog() {
        try {
            Path file = host.root().resolve("log");
            if (Files.exists(file)) {
                Files.writeString(file, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
