package io.holdfast.scheduler.model;

import org.jspecify.annotations.Nullable;

/** What a resource instance does on a node; ordered from nothing to most. */
public enum Role {
    UNKNOWN("Unknown"),
    STOPPED("Stopped"),
    STARTED("Started"),
    UNPROMOTED("Unpromoted"),
    PROMOTED("Promoted");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean atLeast(Role other) {
        return compareTo(other) >= 0;
    }

    public boolean above(Role other) {
        return compareTo(other) > 0;
    }

    /** The role a text names, old words included; UNKNOWN when it names none. */
    public static Role parse(@Nullable String text) {
        if (text == null) {
            return UNKNOWN;
        }
        if (text.equalsIgnoreCase("Master")) {
            return PROMOTED;
        }
        if (text.equalsIgnoreCase("Slave")) {
            return UNPROMOTED;
        }
        for (Role role : values()) {
            if (role.text.equalsIgnoreCase(text)) {
                return role;
            }
        }
        return UNKNOWN;
    }
}
