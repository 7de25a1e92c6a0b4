/**
 * The wiring of the rooms into processes, and nothing else: {@code clusterd}, {@code storaged},
 * {@code witness}, {@code iscsi serve}. Begin at {@link io.holdfast.daemon.DaemonMain}.
 */
package io.holdfast.daemon;
