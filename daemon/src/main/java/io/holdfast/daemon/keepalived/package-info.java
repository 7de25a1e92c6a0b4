/**
 * {@code holdfast keepalived}: VRRP alone, with Keepalived's options, files, signals and scripts.
 *
 * <p>Read {@link io.holdfast.daemon.keepalived.KeepalivedMain} (what was asked for), then {@link
 * io.holdfast.daemon.keepalived.KeepalivedDaemon} (the life of the process). {@code option} reads
 * the command line, {@code notify} tells scripts, pipes and people what happened, {@code report}
 * writes what is, {@code script} runs programs, {@code log} is where its lines go.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.daemon.keepalived;
