package io.holdfast.api.message;

import org.jspecify.annotations.Nullable;

/** One LUN; null when the target or the LUN is not there. */
public record LunState(@Nullable LunStatus lun) implements Answer {}
