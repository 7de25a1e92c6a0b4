package io.holdfast.vrrp.config;

import java.util.Optional;

/** Whom a script runs as; the group is the user's own when none is named. */
public record ScriptUser(String name, Optional<String> group) {
    /** {@code user} or {@code user:group}. */
    @Override
    public String toString() {
        return name + group.map(g -> ":" + g).orElse("");
    }

    /** The opposite of {@link #toString}. */
    public static ScriptUser parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new ScriptUser(text, Optional.empty())
                : new ScriptUser(text.substring(0, colon), Optional.of(text.substring(colon + 1)));
    }
}
