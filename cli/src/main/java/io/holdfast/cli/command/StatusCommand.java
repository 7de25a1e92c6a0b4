package io.holdfast.cli.command;

import io.holdfast.api.control.MessageJson;
import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.cli.Context;
import io.holdfast.cli.view.StatusView;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast status}. */
@Command(
        name = "status",
        description = "Shows nodes, rings, volumes, resources and warnings as this node sees them.")
public final class StatusCommand extends Subcommand {
    /** Either is the whole output. */
    static final class Form {
        @Option(names = "--json", description = "prints the whole answer as JSON")
        boolean json;

        @Option(
                names = {"-w", "--watch"},
                arity = "0..1",
                fallbackValue = "1",
                paramLabel = "SECONDS",
                description = "shows it again and again, each second unless said otherwise")
        double watchSeconds;
    }

    @ArgGroup(exclusive = true)
    Form form = new Form();

    public StatusCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        if (form.watchSeconds > 0) {
            return new Watch(context, form.watchSeconds).run(this::lines);
        }
        if (form.json) {
            context.say(MessageJson.pretty(context.ask(new ClusterStatusQuery())));
        } else {
            lines().forEach(context::say);
        }
        return done();
    }

    private List<String> lines() {
        ClusterStatus status = context.ask(new ClusterStatusQuery());
        return StatusView.lines(status, context.paint());
    }
}
