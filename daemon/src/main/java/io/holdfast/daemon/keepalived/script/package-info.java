/**
 * Programs of the configuration, run in sessions and environments of their own: {@link
 * io.holdfast.daemon.keepalived.script.ChildProgram}, and for tracked scripts {@link
 * io.holdfast.daemon.keepalived.script.TrackedScripts}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.daemon.keepalived.script;
