package io.holdfast.cib.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of roles and actions, accepted in any case. Both spellings of the promoted role are kept.
 */
final class Roles {
    private static final List<String> ROLES =
            List.of("Stopped", "Started", "Promoted", "Unpromoted", "Master", "Slave");
    private static final List<String> ACTIONS = List.of("start", "stop", "promote", "demote");
    private static final List<String> KINDS = List.of("Optional", "Mandatory", "Serialize");

    private Roles() {}

    static String toCib(String word, Cursor in) throws SyntaxMistake {
        return oneOf(ROLES, word, "role", in);
    }

    static String action(String word, Cursor in) throws SyntaxMistake {
        return oneOf(ACTIONS, word, "action", in);
    }

    /** The kind of an order by name, or null. */
    static @Nullable String kind(String word) {
        return find(KINDS, word);
    }

    private static String oneOf(List<String> known, String word, String of, Cursor in)
            throws SyntaxMistake {
        String found = find(known, word);
        if (found == null) {
            throw in.mistake(
                    "'" + word + "' is no " + of,
                    "it is one of " + String.join(", ", known),
                    "correct the spelling");
        }
        return found;
    }

    private static @Nullable String find(List<String> known, String word) {
        for (String name : known) {
            if (name.equalsIgnoreCase(word)) {
                return name;
            }
        }
        return null;
    }
}
