package io.holdfast.cli.command;

import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.cli.Context;
import io.holdfast.cli.view.CorosyncView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code corosync-cfgtool}. */
@Command(name = "corosync-cfgtool", description = "Shows the rings.")
public final class CorosyncCfgtoolCommand extends Subcommand {
    @Option(names = "-s", required = true, description = "the state of each ring")
    boolean status;

    public CorosyncCfgtoolCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        CorosyncView.rings(context.ask(new ClusterStatusQuery())).forEach(context::say);
        return done();
    }
}
