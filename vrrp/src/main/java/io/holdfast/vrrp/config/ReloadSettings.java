package io.holdfast.vrrp.config;

import java.util.Optional;

/**
 * {@code reload_*}.
 *
 * @param timeFile watched; its first line says when to reload
 * @param repeat the time file is kept, so that a time without date counts every day
 * @param lockFile exists while the configuration is being read; an empty name: the default one
 */
public record ReloadSettings(
        Optional<String> timeFile, boolean repeat, Optional<String> lockFile) {}
