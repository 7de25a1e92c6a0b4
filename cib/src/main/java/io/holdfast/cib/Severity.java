package io.holdfast.cib;

/** How much a {@link Finding} matters. */
public enum Severity {
    /** The configuration cannot be used. */
    ERROR,
    /** It can, and does something its author may not expect. */
    WARNING,
    /** Worth knowing; nothing to do now. */
    INFO
}
