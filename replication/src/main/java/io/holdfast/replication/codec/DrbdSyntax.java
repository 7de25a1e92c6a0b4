package io.holdfast.replication.codec;

/** Checks that a statement has the form that its keyword asks for, and says what it should be. */
final class DrbdSyntax {
    private static final int MAX_SUGGESTION_DISTANCE = 2;

    private final DrbdFindings findings;

    DrbdSyntax(DrbdFindings findings) {
        this.findings = findings;
    }

    /** Whether it is {@code keyword value…;} with a number of values. */
    boolean isLine(DrbdStatement statement, int min, int max, String example) {
        if (statement.block() != null) {
            return wrong(statement, "it has a section after it", example);
        }
        return hasValues(statement, min, max, example);
    }

    /** Whether it is {@code keyword value… { … }} with a number of values. */
    boolean isSection(DrbdStatement statement, int min, int max, String example) {
        if (statement.block() == null) {
            return wrong(statement, "its '{' is missing", example);
        }
        return hasValues(statement, min, max, example);
    }

    /** What is not known is left out, and told. */
    void unknown(DrbdStatement statement, String section, Iterable<String> known) {
        String keyword = statement.words().getFirst().text();
        if (keyword.equals("include")) {
            findings.mistake(
                    statement.place(),
                    "\"include\" stands inside a section",
                    "files are included outside of sections only",
                    "move the line out of " + section);
            return;
        }
        String nearest = nearest(keyword, known);
        findings.warning(
                statement.place(),
                "\"" + keyword + "\" is not known in " + section + " and is ignored",
                statement.block() == null
                        ? "no version of drbd.conf from 8.3 to 9 has it there"
                        : "no version of drbd.conf from 8.3 to 9 has such a section there; all in"
                                + " it is ignored too",
                nearest.isEmpty()
                        ? "check the spelling, or remove it"
                        : "write \"" + nearest + "\" if that was meant");
    }

    private boolean hasValues(DrbdStatement statement, int min, int max, String example) {
        int values = statement.values().size();
        if (values < min) {
            return wrong(
                    statement, values == 0 ? "it has no value" : "a value is missing", example);
        }
        if (values > max) {
            return wrong(statement, "it has " + values + " values where " + max + " fit", example);
        }
        return true;
    }

    private boolean wrong(DrbdStatement statement, String why, String example) {
        findings.mistake(
                statement.place(),
                "\"" + statement.words().getFirst().text() + "\" is not written as it should be",
                why,
                "write for example: " + example);
        return false;
    }

    private static String nearest(String word, Iterable<String> known) {
        String best = "";
        int bestDistance = MAX_SUGGESTION_DISTANCE + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - word.length()) < bestDistance) {
                int distance = distance(word, candidate);
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
