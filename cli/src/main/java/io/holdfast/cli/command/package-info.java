/**
 * One class a command, its subcommands inside. picocli reads the arguments; a command asks a daemon
 * and prints a view.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cli.command;
