package io.holdfast.vrrp.config;

import io.holdfast.vrrp.config.text.Place;
import java.util.List;
import java.util.Optional;

/**
 * A program of the configuration.
 *
 * @param command path and arguments; at least the path
 * @param user whom it runs as; empty: the configured default
 */
public record ScriptCommand(List<String> command, Optional<ScriptUser> user, Place place) {
    public ScriptCommand {
        command = List.copyOf(command);
    }
}
