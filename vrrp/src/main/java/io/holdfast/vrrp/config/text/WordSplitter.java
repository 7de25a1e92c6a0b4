package io.holdfast.vrrp.config.text;

import java.util.ArrayList;
import java.util.List;

/** Divides text into words at blanks that no quotes protect. */
public final class WordSplitter {
    private static final char UNQUOTED = 0;

    private WordSplitter() {}

    /**
     * A script's text, as {@code notify} and {@code script} take it: the first word is the program,
     * with its arguments when it was quoted (split once more, then); the next two may name a user
     * and a group. Both kinds of quotes group, and are removed.
     *
     * @throws UnclosedQuoteException when a quote is never closed
     */
    public static List<String> script(String text) {
        return split(text, "\"'");
    }

    /** Ordinary values: only {@code "} groups; {@code '} is a letter like others. */
    static List<String> words(String text) {
        return split(text, "\"");
    }

    private static List<String> split(String text, String quotes) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = UNQUOTED;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i = Escape.append(text, i, word);
                begun = true;
            } else if (quote == UNQUOTED && quotes.indexOf(c) >= 0) {
                quote = c;
                begun = true;
            } else if (c == quote) {
                quote = UNQUOTED;
            } else if (quote == UNQUOTED && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (quote != UNQUOTED) {
            throw new UnclosedQuoteException(quote);
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /** {@code \a \b \E \f \n \r \t \v \nnn \xXX \cC}, and any other character for itself. */
    private static final class Escape {
        private static final String LETTERS = "abEfnrtv";
        private static final String MEANINGS = "\u0007\b\u001b\f\n\r\t\u000b";

        /** Appends what is meant at {@code at} (a backslash); returns the last index used. */
        static int append(String text, int at, StringBuilder word) {
            char c = text.charAt(at + 1);
            int letter = LETTERS.indexOf(c);
            if (letter >= 0) {
                word.append(MEANINGS.charAt(letter));
                return at + 1;
            }
            if (c >= '0' && c <= '7') {
                return number(text, at + 1, 3, 8, word);
            }
            if (c == 'x'
                    && at + 2 < text.length()
                    && Character.digit(text.charAt(at + 2), 16) >= 0) {
                return number(text, at + 2, 2, 16, word);
            }
            if (c == 'c' && at + 2 < text.length()) {
                word.append((char) (text.charAt(at + 2) & 0x1f));
                return at + 2;
            }
            word.append(c);
            return at + 1;
        }

        private static int number(String text, int from, int most, int radix, StringBuilder word) {
            int value = 0;
            int i = from;
            while (i < text.length()
                    && i < from + most
                    && Character.digit(text.charAt(i), radix) >= 0) {
                value = value * radix + Character.digit(text.charAt(i), radix);
                i++;
            }
            word.append((char) (value & 0xff));
            return i - 1;
        }
    }

    /** A quote is opened and not closed. */
    public static final class UnclosedQuoteException extends RuntimeException {
        UnclosedQuoteException(char quote) {
            super("the quote " + quote + " is opened and not closed");
        }
    }
}
