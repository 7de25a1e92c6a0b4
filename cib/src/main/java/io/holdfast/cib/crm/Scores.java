package io.holdfast.cib.crm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Scores as the crm shell writes them ({@code inf}) and as the CIB holds them (INFINITY). */
final class Scores {
    private Scores() {}

    /** The CIB's score, or null when the word is none (then it names a node attribute). */
    static @Nullable String toCib(String word) {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "mandatory" -> {
                return "INFINITY";
            }
            case "advisory" -> {
                return "0";
            }
            default -> {}
        }
        String sign = word.startsWith("-") || word.startsWith("+") ? word.substring(0, 1) : "";
        String amount = word.substring(sign.length());
        if (amount.equalsIgnoreCase("inf") || amount.equalsIgnoreCase("infinity")) {
            return sign + "INFINITY";
        }
        return !amount.isEmpty() && amount.chars().allMatch(c -> c >= '0' && c <= '9')
                ? word
                : null;
    }

    static String toText(String score) {
        return score.replace("INFINITY", "inf");
    }
}
