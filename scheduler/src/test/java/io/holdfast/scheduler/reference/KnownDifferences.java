package io.holdfast.scheduler.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The checked-in list of cases that are not equal yet: a line each of name, sections and reason,
 * with tabulators between.
 */
final class KnownDifferences {
    private static final String FILE = "known-differences.tsv";

    private KnownDifferences() {}

    record Known(Set<Section> sections, String reason) {}

    static SortedMap<String, Known> read() {
        SortedMap<String, Known> known = new TreeMap<>();
        text().lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(
                        line -> {
                            String[] parts = line.split("\t", 3);
                            Set<Section> sections = EnumSet.noneOf(Section.class);
                            Arrays.stream(parts[1].split(",", -1))
                                    .map(Section::valueOf)
                                    .forEach(sections::add);
                            known.put(parts[0], new Known(sections, parts[2].strip()));
                        });
        return known;
    }

    /** A line of the list. */
    static String line(String name, Set<Section> sections, Map<String, Known> known) {
        Known entry = known.get(name);
        return name
                + "\t"
                + sections.stream().map(Section::name).collect(Collectors.joining(","))
                + "\t"
                + (entry == null ? "" : entry.reason());
    }

    private static String text() {
        try (InputStream file =
                Objects.requireNonNull(KnownDifferences.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
