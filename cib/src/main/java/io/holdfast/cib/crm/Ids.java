package io.holdfast.cib.crm;

import java.util.HashSet;
import java.util.Set;

/**
 * Gives ids to the parts of one object that the text does not name, always the same ones for the
 * same text: {@code OBJECT-meta_attributes}, then {@code OBJECT-meta_attributes-0} and so on.
 */
final class Ids {
    private final Set<String> taken = new HashSet<>();

    /** The id itself if it is free, else with the first free number. */
    String take(String wanted) {
        String id = wanted;
        for (int n = 0; !taken.add(id); n++) {
            id = wanted + "-" + n;
        }
        return id;
    }

    /** An id that the text gives; a second use is found by the check of the whole CIB. */
    void reserve(String id) {
        taken.add(id);
    }

    void release(String id) {
        taken.remove(id);
    }

    /** Makes a valid end of an id from a name. */
    static String part(String name) {
        StringBuilder part = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            part.append(isNameCharacter(c) ? c : '.');
        }
        return part.toString();
    }

    /** Whether the text can be an XML id (an NCName, ASCII or not). */
    static boolean isValid(String id) {
        if (id.isEmpty() || !(Character.isLetter(id.charAt(0)) || id.charAt(0) == '_')) {
            return false;
        }
        for (int i = 1; i < id.length(); i++) {
            if (!isNameCharacter(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
    }
}
