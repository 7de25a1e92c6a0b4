package io.holdfast.api.message;

/** What a loaded text does to what is there already. */
public enum LoadMode {
    /** The text becomes the whole configuration. */
    REPLACE,
    /** Objects of the text are added, or take the place of those with their id. */
    UPDATE
}
