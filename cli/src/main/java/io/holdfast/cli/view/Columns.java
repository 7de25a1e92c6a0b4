package io.holdfast.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows whose cells stand under each other, whatever colour they have. */
final class Columns {
    private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;]*m");
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Each row as a line, indented. */
    List<String> lines(String indent) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                line.append(cell);
                if (column < row.size() - 1) {
                    line.repeat(" ", width(column) - shown(cell)).append(GAP);
                }
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> shown(row.get(column)))
                .max()
                .orElse(0);
    }

    private static int shown(String cell) {
        return COLOUR.matcher(cell).replaceAll("").length();
    }
}
