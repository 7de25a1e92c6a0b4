package io.holdfast.cib.crm;

/**
 * What loading a text does to the configuration that is there, as in {@code crm configure load}.
 */
public enum LoadMode {
    /** The text is the whole configuration; nodes it does not name stay. */
    REPLACE,
    /** What the text defines is added or takes the place of what has its id; the rest stays. */
    UPDATE,
    /** As replace: what the text does not define is removed. */
    PUSH
}
