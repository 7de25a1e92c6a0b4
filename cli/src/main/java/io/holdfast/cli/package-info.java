/**
 * Commands for people and scripts: {@code holdfast …}, and the familiar names.
 *
 * <p>Read {@link io.holdfast.cli.Main} (from arguments to exit code), {@link
 * io.holdfast.cli.CommandTable} (which commands there are), then a command in {@link
 * io.holdfast.cli.command} and what it prints in {@link io.holdfast.cli.view}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cli;
