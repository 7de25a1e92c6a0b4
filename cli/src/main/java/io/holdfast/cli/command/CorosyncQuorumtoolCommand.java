package io.holdfast.cli.command;

import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.cli.Context;
import io.holdfast.cli.ExitCode;
import io.holdfast.cli.view.CorosyncView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code corosync-quorumtool}: ends with 0 when quorate, 2 when not. */
@Command(name = "corosync-quorumtool", description = "Shows votes and quorum.")
public final class CorosyncQuorumtoolCommand extends Subcommand {
    @Option(names = "-s", description = "as without options")
    boolean status;

    public CorosyncQuorumtoolCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        ClusterStatus answer = context.ask(new ClusterStatusQuery());
        CorosyncView.quorum(answer).forEach(context::say);
        return answer.view().quorate() ? ExitCode.OK : ExitCode.NOT_QUORATE;
    }
}
