package io.holdfast.scheduler.model;

import org.jspecify.annotations.Nullable;

/**
 * An ordering wanted between two actions, of which either may only be known by resource and key.
 */
public record Ordering(
        int id,
        int relation,
        @Nullable Resource firstResource,
        @Nullable String firstKey,
        @Nullable Action firstAction,
        @Nullable Resource thenResource,
        @Nullable String thenKey,
        @Nullable Action thenAction) {}
