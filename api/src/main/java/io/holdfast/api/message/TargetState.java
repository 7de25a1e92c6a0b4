package io.holdfast.api.message;

import org.jspecify.annotations.Nullable;

/** One target; null when it is not offered. */
public record TargetState(@Nullable TargetStatus target) implements Answer {}
