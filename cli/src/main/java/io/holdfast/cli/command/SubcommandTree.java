package io.holdfast.cli.command;

import java.util.List;

/** A command whose next word is another command; they are made only when it is asked for. */
public interface SubcommandTree {
    List<Object> subcommands();
}
