package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.ProcessSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the processes that are tracked, in {@code /proc}. */
final class ProcessCensus {
    private static final int COMM_BYTES = 15;

    /** A tracked process and how many of it run. */
    record Found(String name, boolean up, int count) {}

    private static final class Standing {
        private boolean up;
        private boolean told;
        private boolean tending;
        private long tendsSinceNanos;
    }

    private final List<ProcessSettings> wanted;
    private final Map<String, Standing> standings = new HashMap<>();

    ProcessCensus(List<ProcessSettings> wanted) {
        this.wanted = wanted;
    }

    /** Those that are told for the first time, or have changed for long enough. */
    List<Found> take(long nowNanos) {
        Map<String, Integer> counts = count();
        List<Found> changed = new ArrayList<>();
        for (ProcessSettings process : wanted) {
            int count = counts.getOrDefault(process.name(), 0);
            boolean enough = count >= process.quorum() && count <= process.quorumMax();
            Standing standing = standings.computeIfAbsent(process.name(), name -> new Standing());
            if (settle(standing, process, enough, nowNanos)) {
                changed.add(new Found(process.name(), enough, count));
            }
        }
        return changed;
    }

    private static boolean settle(
            Standing standing, ProcessSettings process, boolean enough, long nowNanos) {
        if (!standing.told) {
            standing.told = true;
            standing.up = enough;
            return true;
        }
        if (standing.up == enough) {
            standing.tending = false;
            return false;
        }
        if (!standing.tending) {
            standing.tending = true;
            standing.tendsSinceNanos = nowNanos;
        }
        long delay = (enough ? process.startDelay() : process.terminateDelay()).toNanos();
        if (nowNanos - standing.tendsSinceNanos < delay) {
            return false;
        }
        standing.tending = false;
        standing.up = enough;
        return true;
    }

    private Map<String, Integer> count() {
        Map<String, Integer> counts = new HashMap<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                for (ProcessSettings w : wanted) {
                    if (matches(process, w)) {
                        counts.merge(w.name(), 1, Integer::sum);
                    }
                }
            }
        } catch (IOException e) {
            return counts; // what could be counted
        }
        return counts;
    }

    private static boolean matches(Path process, ProcessSettings wanted) {
        try {
            String program = wanted.command().getFirst();
            if (!wanted.fullCommand() && wanted.match() == ProcessSettings.Match.NONE) {
                String comm = Files.readString(process.resolve("comm")).strip();
                String name = program.substring(program.lastIndexOf('/') + 1);
                return comm.equals(
                        name.length() > COMM_BYTES ? name.substring(0, COMM_BYTES) : name);
            }
            byte[] raw = Files.readAllBytes(process.resolve("cmdline"));
            List<String> words = List.of(new String(raw, StandardCharsets.UTF_8).split("\0", -1));
            return agrees(words.subList(0, Math.max(0, words.size() - 1)), wanted);
        } catch (IOException e) {
            return false; // it ended while we looked
        }
    }

    static boolean agrees(List<String> words, ProcessSettings wanted) {
        List<String> command = wanted.command();
        if (words.isEmpty() || !words.getFirst().equals(command.getFirst())) {
            return false;
        }
        return switch (wanted.match()) {
            case NONE -> true;
            case EXACT -> words.equals(command);
            case INITIAL ->
                    words.size() >= command.size()
                            && words.subList(0, command.size()).equals(command);
            case PARTIAL ->
                    words.size() >= command.size()
                            && words.subList(0, command.size() - 1)
                                    .equals(command.subList(0, command.size() - 1))
                            && words.get(command.size() - 1).startsWith(command.getLast());
        };
    }
}
