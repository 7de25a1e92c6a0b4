package io.holdfast.iscsi.initiator;

/** Told once how a command ended, from the session's reader thread; must not block. */
@FunctionalInterface
public interface CommandCompletion {
    void done(CommandResult result);
}
