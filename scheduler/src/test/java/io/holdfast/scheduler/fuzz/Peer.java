package io.holdfast.scheduler.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Debian's crm_simulate, asked about one CIB. */
final class Peer {
    private static final String PROGRAM = "crm_simulate";

    private final Path folder;

    Peer(Path folder) {
        this.folder = folder;
    }

    static boolean isInstalled() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, PROGRAM)));
    }

    /** What it prints with {@code -S}. */
    String simulate(String cib) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("cib.xml"), cib);
        Path output = folder.resolve("output");
        ProcessBuilder program =
                new ProcessBuilder(PROGRAM, "-x", file.toString(), "-S")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        program.environment().put("CIB_shadow_dir", folder.toString());
        program.environment().put("TZ", "UTC");
        Process running = program.start();
        if (!running.waitFor(30, TimeUnit.SECONDS)) {
            running.destroyForcibly();
            throw new IOException(PROGRAM + " took more than 30 s on " + file);
        }
        return Files.readString(output);
    }
}
