/**
 * Telling what happened. {@link io.holdfast.daemon.keepalived.notify.NotifyPlan} decides, purely,
 * what an event means to scripts, pipes and people; {@link
 * io.holdfast.daemon.keepalived.notify.Notifier} carries it out: scripts one after the other for
 * each instance ({@link io.holdfast.daemon.keepalived.notify.ScriptQueues}), lines in order, mails
 * when the server takes them.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.daemon.keepalived.notify;
