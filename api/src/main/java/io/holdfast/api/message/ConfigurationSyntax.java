package io.holdfast.api.message;

/** How a configuration is written down. */
public enum ConfigurationSyntax {
    /** crmsh's lines: {@code primitive}, {@code group}, {@code ms} … */
    CRM,
    /** Pacemaker's CIB XML. */
    XML
}
