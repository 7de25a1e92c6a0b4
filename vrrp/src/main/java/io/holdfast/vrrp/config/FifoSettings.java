package io.holdfast.vrrp.config;

import java.util.Optional;

/**
 * A named pipe that changes are written to, one line each.
 *
 * @param owner who gets the pipe when it is made
 * @param script started to read it; the pipe's path is its last argument
 */
public record FifoSettings(
        String path, Optional<ScriptUser> owner, Optional<ScriptCommand> script) {}
