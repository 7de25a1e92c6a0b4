package io.holdfast.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses what somebody meant to type. */
final class NearestWord {
    private NearestWord() {}

    /** The word with the fewest changed letters, if those are at most a third of the letters. */
    static Optional<String> of(String typed, List<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(typed, word)))
                .filter(word -> distance(typed, word) <= Math.max(1, word.length() / 3));
    }

    /** Optimal string alignment: letters added, left out, changed, or swapped with the next. */
    static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, one, other, i, j);
            }
        }
        return cost[one.length()][other.length()];
    }

    private static int cheapest(int[][] cost, String one, String other, int i, int j) {
        boolean same = one.charAt(i - 1) == other.charAt(j - 1);
        int best =
                Math.min(
                        cost[i - 1][j - 1] + (same ? 0 : 1),
                        1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
                i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
