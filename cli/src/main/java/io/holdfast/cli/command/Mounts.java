package io.holdfast.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this machine has mounted. */
final class Mounts {
    private Mounts() {}

    /** Lines of {@code /proc/self/mounts}; none where there is no such file. */
    static List<String> read() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
