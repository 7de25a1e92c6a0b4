package io.holdfast.cib.crm;

/** For whom a configuration is printed. */
public enum PrintStyle {
    /** For reading: ids of attribute sets and pairs are left out where nothing refers to them. */
    SHOW,
    /** For keeping: loading it again gives the same configuration, ids included. */
    SAVE
}
