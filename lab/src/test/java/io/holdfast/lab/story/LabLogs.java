package io.holdfast.lab.story;

import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a lab's daemons said, for the output of a test that failed: the lab's files are deleted. */
public final class LabLogs {
    private static final int LINES = 400;

    private LabLogs() {}

    public static void print(Lab lab) throws IOException {
        for (LabHost host : lab.hosts()) {
            Path folder = host.root().resolve("var/log/holdfast");
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> logs = Files.list(folder)) {
                for (Path log : logs.sorted().toList()) {
                    List<String> lines = Files.readAllLines(log);
                    System.out.println("--- " + host + " " + log.getFileName());
                    lines.subList(Math.max(0, lines.size() - LINES), lines.size())
                            .forEach(System.out::println);
                }
            }
        }
    }
}
