/** The terminal that a program talks to: {@link io.holdfast.linux.terminal.TerminalSize}. */
package io.holdfast.linux.terminal;
