package io.holdfast.bench;

import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is measured: both take the same file and the same options. */
enum VrrpContender {
    HOLDFAST,
    KEEPALIVED;

    private static final Path PROGRAM = Path.of("/usr/sbin/keepalived");

    boolean isInstalled() {
        return this == HOLDFAST || Files.isExecutable(PROGRAM);
    }

    String shown() {
        return this == HOLDFAST ? "Holdfast" : "Keepalived";
    }

    /** Starts it on a host; its log goes to {@code log} in the host's directory. */
    HostProcess start(LabHost host, String configuration) {
        Path file = host.root().resolve("keepalived.conf");
        try {
            Files.writeString(file, configuration);
            Files.deleteIfExists(host.root().resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>();
        Map<String, String> environment = Map.of();
        if (this == HOLDFAST) {
            HoldfastProgram program = HoldfastProgram.find();
            environment = program.environment();
            command.addAll(program.command("keepalived"));
        } else {
            command.add(PROGRAM.toString());
        }
        command.addAll(
                List.of(
                        "-n",
                        "-l",
                        "-D",
                        "-P",
                        "-f",
                        file.toString(),
                        "-p",
                        host.root().resolve("pid").toString(),
                        "-r",
                        host.root().resolve("vrrp.pid").toString()));
        return host.start(command, environment, Optional.of(host.root().resolve("log")));
    }

    static String log(LabHost host) {
        try {
            return Files.readString(host.root().resolve("log"));
        } catch (java.nio.file.NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
