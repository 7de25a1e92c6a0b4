package io.holdfast.base;

import java.util.regex.Pattern;

/** What a name may look like when it comes from a file or the network. */
final class Names {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Names() {}

    static String requireSafe(String kind, String name) {
        if (!SAFE.matcher(name).matches()) {
            throw new ProblemException(
                    new Problem(
                            kind + " name \"" + name + "\" is not usable",
                            name,
                            "names go into paths and messages, so they start with a letter or digit"
                                    + " and have at most 63 letters, digits, '.', '_' or '-'",
                            "rename the " + kind));
        }
        return name;
    }
}
