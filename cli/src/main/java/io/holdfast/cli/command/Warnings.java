package io.holdfast.cli.command;

import io.holdfast.api.message.Done;
import io.holdfast.cli.Context;

/** What an asker should know although it worked. */
final class Warnings {
    private Warnings() {}

    static void print(Context context, Done done) {
        done.warnings()
                .forEach(
                        warning ->
                                context.terminal().err().println("warning: " + warning.message()));
    }
}
