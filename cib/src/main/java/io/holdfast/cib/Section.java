package io.holdfast.cib;

/** The parts of a CIB, by the names their elements have. */
public enum Section {
    CRM_CONFIG("crm_config"),
    NODES("nodes"),
    RESOURCES("resources"),
    CONSTRAINTS("constraints"),
    OP_DEFAULTS("op_defaults"),
    RSC_DEFAULTS("rsc_defaults"),
    TAGS("tags"),
    ALERTS("alerts"),
    ACLS("acls"),
    FENCING_TOPOLOGY("fencing-topology"),
    /** Lies beside {@code configuration}, all others in it. */
    STATUS("status");

    private final String elementName;

    Section(String elementName) {
        this.elementName = elementName;
    }

    public String elementName() {
        return elementName;
    }
}
