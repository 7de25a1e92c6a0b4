package io.holdfast.api.message;

/** The {@code target-role} of a resource: the most it may be. */
public enum TargetRole {
    STOPPED("Stopped"),
    STARTED("Started"),
    UNPROMOTED("Unpromoted"),
    PROMOTED("Promoted");

    private final String configured;

    TargetRole(String configured) {
        this.configured = configured;
    }

    /** The word in the configuration. */
    public String configured() {
        return configured;
    }
}
