package io.holdfast.cli.command;

import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.cli.Context;
import io.holdfast.cli.view.CrmMonView;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm_mon}. */
@Command(name = "crm_mon", description = "Shows the cluster as Pacemaker's crm_mon does.")
public final class CrmMonCommand extends Subcommand {
    @Option(
            names = {"-1", "--one-shot"},
            description = "once, instead of again and again")
    boolean once;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "time between two looks (default ${DEFAULT-VALUE})")
    double intervalSeconds;

    public CrmMonCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        if (!once) {
            return new Watch(context, intervalSeconds).run(() -> lines(context));
        }
        lines(context).forEach(context::say);
        return done();
    }

    static List<String> lines(Context context) {
        return CrmMonView.lines(
                context.ask(new ClusterStatusQuery()), ZonedDateTime.now(ZoneId.systemDefault()));
    }
}
