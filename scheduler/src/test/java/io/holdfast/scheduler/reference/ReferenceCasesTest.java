package io.holdfast.scheduler.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Decides every reference case and compares all that is decided and printed. What is not equal is
 * listed with its reason, and the list has to be right in both directions.
 */
final class ReferenceCasesTest {
    /** Families with fewer cases than this are counted together. */
    private static final int SMALL_FAMILY = 7;

    @Test
    void everyCaseIsEqualOrListedWithItsReason() throws IOException {
        ReferenceCases cases = ReferenceCases.find();
        List<CaseResult> results =
                cases.names().parallelStream().map(name -> CaseResult.of(cases, name)).toList();
        SortedMap<String, KnownDifferences.Known> known = KnownDifferences.read();

        List<String> differing = new ArrayList<>();
        for (CaseResult result : results) {
            if (!result.different().isEmpty()) {
                differing.add(KnownDifferences.line(result.name(), result.different(), known));
            }
        }
        String table = table(results);
        System.out.println(table);
        Path report = Path.of("target", "reference-cases.txt");
        Files.createDirectories(report.getParent());
        Files.writeString(report, table + "\n" + String.join("\n", differing) + "\n");

        List<String> listed = new ArrayList<>();
        known.forEach(
                (name, entry) -> listed.add(KnownDifferences.line(name, entry.sections(), known)));
        assertThat(differing).as("the list is in %s", report).isEqualTo(listed);
        assertThat(known.values())
                .allSatisfy(entry -> assertThat(entry.reason()).as("reason").isNotBlank());
    }

    private static String table(List<CaseResult> results) {
        Map<String, Integer> sizes = new TreeMap<>();
        results.forEach(result -> sizes.merge(result.family(), 1, Integer::sum));
        Map<String, Family> families = new TreeMap<>();
        Family all = new Family();
        for (CaseResult result : results) {
            boolean small = result.family().isEmpty() || sizes.get(result.family()) < SMALL_FAMILY;
            families.computeIfAbsent(small ? "~ others" : result.family(), name -> new Family())
                    .add(result);
            all.add(result);
        }
        StringBuilder table = new StringBuilder(String.format("%-14s %5s", "family", "cases"));
        for (Section section : Section.values()) {
            table.append(String.format("  %s", section.title()));
        }
        table.append('\n');
        families.forEach((name, family) -> family.print(name, table));
        all.print("all", table);
        return table.toString();
    }

    private static final class Family {
        private final Map<Section, Integer> equal = new TreeMap<>();
        private int cases;

        void add(CaseResult result) {
            cases++;
            for (Section section : Section.values()) {
                if (!result.different().contains(section)) {
                    equal.merge(section, 1, Integer::sum);
                }
            }
        }

        void print(String name, StringBuilder table) {
            table.append(String.format("%-14s %5d", name, cases));
            for (Section section : Section.values()) {
                table.append(
                        String.format(
                                "  %" + section.title().length() + "d",
                                equal.getOrDefault(section, 0)));
            }
            table.append('\n');
        }
    }
}
