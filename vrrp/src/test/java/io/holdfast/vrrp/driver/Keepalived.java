package io.holdfast.vrrp.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Debian's Keepalived as the judge, in a host's namespace; nothing of it outlives the test. */
final class Keepalived implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/keepalived");

    private final Process process;
    private final Path directory;

    private Keepalived(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    static Keepalived start(Segment.Host host, String configuration) {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM),
                "keepalived is not installed (apt-get install keepalived): its tests are skipped");
        try {
            Path directory = Files.createTempDirectory("holdfast-keepalived-");
            Path file = Files.writeString(directory.resolve("keepalived.conf"), configuration);
            Process process =
                    new ProcessBuilder(
                                    List.of(
                                            "nsenter",
                                            "--net=" + host.network().path(),
                                            PROGRAM.toString(),
                                            "-n",
                                            "-l",
                                            "-D",
                                            "-P",
                                            "-f",
                                            file.toString(),
                                            "-p",
                                            directory.resolve("pid").toString(),
                                            "-r",
                                            directory.resolve("vrrp.pid").toString()))
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("log").toFile())
                            .start();
            return new Keepalived(process, directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String log() {
        try {
            return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As when the power fails: no farewell. Its addresses stay on the interface. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitEnd();
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Stops in order: priority 0. */
    void stop() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("keepalived does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        for (String name : List.of("keepalived.conf", "log", "pid", "vrrp.pid")) {
            directory.resolve(name).toFile().delete();
        }
        directory.toFile().delete();
    }
}
