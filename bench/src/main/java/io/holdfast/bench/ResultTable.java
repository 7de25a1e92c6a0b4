package io.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown, printed and kept with the date and the machine it was measured on. */
final class ResultTable {
    private final String name;
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    ResultTable(String name, String... header) {
        this.name = name;
        this.header = List.of(header);
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, header);
        line(text, header.stream().map(column -> "---").toList());
        rows.forEach(row -> line(text, row));
        return text.toString();
    }

    /** Prints the table and writes it to {@code bench/results/DATE-NAME.md}. */
    void publish(Path home) throws IOException {
        System.out.print(markdown());
        Path folder = home.resolve("bench/results");
        Files.createDirectories(folder);
        String stamp =
                LocalDateTime.now(java.time.ZoneId.systemDefault())
                        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm", Locale.ROOT));
        Path file = folder.resolve(stamp + "-" + name + ".md");
        Files.writeString(
                file, "# " + name + ", " + stamp + "\n" + machine() + "\n\n" + markdown());
        System.out.println("kept in " + home.relativize(file));
    }

    private static String machine() throws IOException {
        String model =
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown processor");
        String load = Files.readString(Path.of("/proc/loadavg")).strip();
        return Runtime.getRuntime().availableProcessors()
                + " processors ("
                + model
                + "), Linux "
                + System.getProperty("os.version")
                + ", Java "
                + Runtime.version()
                + ", load "
                + load;
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
