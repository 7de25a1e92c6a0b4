package io.holdfast.api.message;

/** A configuration as text, with its version {@code admin_epoch.epoch.num_updates}. */
public record ConfigurationText(ConfigurationSyntax syntax, String version, String text)
        implements Answer {}
