package io.holdfast.vrrp.config.text;

/** How bad a finding is, the mildest first. */
public enum Severity {
    /** Runs as written, and something about it is worth knowing. */
    WARNING,
    /** Scripts run as root without protection against being replaced: an exit code of its own. */
    SECURITY,
    /** A setting cannot be had as written: it is left out or replaced by its default. */
    ERROR,
    /** The configuration cannot run; a daemon does not start with it, or keeps its old one. */
    FATAL
}
