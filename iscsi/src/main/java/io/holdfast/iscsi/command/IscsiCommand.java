package io.holdfast.iscsi.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code holdfast iscsi …}: target and initiator on one machine. */
@Command(
        name = "iscsi",
        mixinStandardHelpOptions = true,
        description = "iSCSI without a cluster: serve files, look at targets, use their disks.",
        subcommands = {
            ServeCommand.class,
            TgtadmCommand.class,
            IscsiadmCommand.class,
            MultipathCommand.class
        })
public final class IscsiCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    /** Runs one command; the number is the exit code. */
    public static int execute(String... arguments) {
        return new CommandLine(new IscsiCommand()).execute(arguments);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
