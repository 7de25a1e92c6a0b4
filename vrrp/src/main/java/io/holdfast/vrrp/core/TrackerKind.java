package io.holdfast.vrrp.core;

/** What can be tracked. */
public enum TrackerKind {
    INTERFACE("interface"),
    SCRIPT("script"),
    FILE("file"),
    PROCESS("process");

    private final String word;

    TrackerKind(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
