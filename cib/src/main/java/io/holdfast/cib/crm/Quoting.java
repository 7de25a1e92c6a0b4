package io.holdfast.cib.crm;

/** Writes values so that the lexer reads them back as they are. */
final class Quoting {
    private Quoting() {}

    static String pair(String name, String value) {
        return name + "=" + value(value);
    }

    /** In double quotes unless it consists of letters, digits, '_', '.', '-' alone. */
    static String value(String value) {
        return isPlain(value) ? value : always(value);
    }

    /** In double quotes; a backslash needs one before it only where it would escape something. */
    static String always(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            char next = i + 1 < value.length() ? value.charAt(i + 1) : '"';
            if (c == '"' || (c == '\\' && (next == '"' || next == '\\'))) {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    /** A word of a statement, in quotes only where the lexer would else split or change it. */
    static String argument(String word) {
        boolean safe = !word.isEmpty() && !word.startsWith("#");
        for (int i = 0; i < word.length() && safe; i++) {
            char c = word.charAt(i);
            safe = !Character.isWhitespace(c) && c != '"' && c != '\'' && c != '\\';
        }
        return safe ? word : always(word);
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '_'
                            || c == '.'
                            || c == '-';
            if (!plain) {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
