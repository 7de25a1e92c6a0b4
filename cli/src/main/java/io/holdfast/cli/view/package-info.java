/**
 * Answers of daemons as text: pure functions from a message to lines.
 *
 * <p>Read {@link io.holdfast.cli.view.StatusView} (ours), then {@link
 * io.holdfast.cli.view.CrmMonView}, {@link io.holdfast.cli.view.CorosyncView}, {@link
 * io.holdfast.cli.view.DrbdView} (as others print it).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cli.view;
