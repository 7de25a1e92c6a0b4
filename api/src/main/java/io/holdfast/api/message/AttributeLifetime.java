package io.holdfast.api.message;

/** How long a node attribute lives, with crm_attribute's words. */
public enum AttributeLifetime {
    FOREVER,
    /** Until the node leaves the cluster. */
    REBOOT
}
