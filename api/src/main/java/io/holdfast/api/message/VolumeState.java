package io.holdfast.api.message;

import org.jspecify.annotations.Nullable;

/** One volume; null when no volume of that name is configured. */
public record VolumeState(@Nullable VolumeStatus volume) implements Answer {}
