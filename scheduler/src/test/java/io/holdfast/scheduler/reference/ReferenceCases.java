package io.holdfast.scheduler.reference;

import io.holdfast.cib.xml.Element;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The folder of reference cases, which lies beside the project where it is developed. */
final class ReferenceCases {
    /** The dates that four cases are run with, as given to the tool. */
    private static final Map<String, String> DATES =
            Map.of(
                    "date-1", "2005-020",
                    "date-2", "2005-020T12:30",
                    "date-3", "2005-020T11:30",
                    "origin", "2014-05-07 00:28:00");

    private static final Map<String, Instant> CLOCKS =
            Map.of(
                    "date-1", Instant.parse("2005-01-20T00:00:00Z"),
                    "date-2", Instant.parse("2005-01-20T12:30:00Z"),
                    "date-3", Instant.parse("2005-01-20T11:30:00Z"),
                    "origin", Instant.parse("2014-05-07T00:28:00Z"));

    /** Any time will do for the others: nothing in them depends on it. */
    private static final Instant ANY_TIME = Instant.ofEpochSecond(1_700_000_000L);

    private final Path folder;

    private ReferenceCases(Path folder) {
        this.folder = folder;
    }

    /** The folder of this or an enclosing directory; the test is skipped where there is none. */
    static ReferenceCases find() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("shared").resolve("scheduler-cases");
            if (Files.isDirectory(found.resolve("xml"))) {
                return new ReferenceCases(found);
            }
        }
        Assumptions.abort("no folder shared/scheduler-cases beside the project");
        throw new AssertionError("unreachable");
    }

    List<String> names() {
        try (Stream<Path> files = Files.list(folder.resolve("xml"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".xml"))
                    .map(name -> name.substring(0, name.length() - ".xml".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String cib(String name) {
        return read("xml", name, ".xml");
    }

    String graph(String name) {
        return read("exp", name, ".exp");
    }

    List<String> scores(String name) {
        return read("scores", name, ".scores")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .sorted()
                .toList();
    }

    String summary(String name) {
        return read("summary", name, ".summary");
    }

    static @Nullable String date(String name) {
        return DATES.get(name);
    }

    static Instant clock(String name, Element cib) {
        Instant given = CLOCKS.get(name);
        if (given != null) {
            return given;
        }
        String recorded = cib.attribute("execution-date");
        return recorded == null ? ANY_TIME : Instant.ofEpochSecond(Long.parseLong(recorded));
    }

    private String read(String kind, String name, String ending) {
        try {
            return Files.readString(folder.resolve(kind).resolve(name + ending));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
