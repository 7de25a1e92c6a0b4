package io.holdfast.api.message;

import io.holdfast.base.Problem;
import java.util.List;

/**
 * How loading a configuration ended.
 *
 * @param accepted whether it is in force; when not, nothing was changed and {@code problems} says
 *     why
 * @param version the version now in force, {@code admin_epoch.epoch.num_updates}
 * @param warnings settings that work but are unsafe, and what can happen
 * @param problems each with the line or object as its object
 */
public record ConfigurationLoaded(
        boolean accepted, String version, List<Problem> warnings, List<Problem> problems)
        implements Answer {
    public ConfigurationLoaded {
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }
}
