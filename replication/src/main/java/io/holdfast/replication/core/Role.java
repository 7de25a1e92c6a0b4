package io.holdfast.replication.core;

/** Who may read and write the volume. */
public enum Role {
    UNKNOWN("Unknown"),
    SECONDARY("Secondary"),
    PRIMARY("Primary");

    private final String shown;

    Role(String shown) {
        this.shown = shown;
    }

    /** As drbdadm prints it. */
    public String shown() {
        return shown;
    }
}
