/** Keepalived's command line: {@link io.holdfast.daemon.keepalived.option.CommandLineReader}. */
@org.jspecify.annotations.NullMarked
package io.holdfast.daemon.keepalived.option;
