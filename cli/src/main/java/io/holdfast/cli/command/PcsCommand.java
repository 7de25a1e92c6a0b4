package io.holdfast.cli.command;

import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.api.message.ClusterRequest.ResourceCleanup;
import io.holdfast.api.message.ClusterRequest.ResourceTargetRole;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.TargetRole;
import io.holdfast.cli.Context;
import io.holdfast.cli.view.CrmMonView;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pcs}: the words of pcs. */
@Command(name = "pcs", description = "Shows and changes the cluster with pcs's words.")
public final class PcsCommand extends Subcommand implements SubcommandTree {
    public PcsCommand(Context context) {
        super(context);
    }

    @Override
    public List<Object> subcommands() {
        return List.of(
                new Status(context),
                new Cluster(context),
                new Node(context),
                new Resource(context));
    }

    @Command(name = "status", description = "The cluster as pcs status shows it.")
    static final class Status extends Subcommand {
        Status(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            ClusterStatus status = context.ask(new ClusterStatusQuery());
            context.say("Cluster name: " + status.clusterName());
            CrmMonView.lines(status, ZonedDateTime.now(ZoneId.systemDefault()))
                    .forEach(context::say);
            return done();
        }
    }

    @Command(name = "cluster", description = "The cluster and its nodes.")
    static final class Cluster extends Subcommand implements SubcommandTree {
        Cluster(Context context) {
            super(context);
        }

        @Override
        public List<Object> subcommands() {
            return List.of(new Standby(context), new Unstandby(context));
        }
    }

    @Command(name = "node", description = "Nodes.")
    static final class Node extends Subcommand implements SubcommandTree {
        Node(Context context) {
            super(context);
        }

        @Override
        public List<Object> subcommands() {
            return List.of(new Standby(context), new Unstandby(context));
        }
    }

    /** Which nodes: named, all, or this one. */
    abstract static class OfNodes extends Subcommand {
        @Option(names = "--all", description = "every node")
        boolean all;

        @Parameters(arity = "0..*", paramLabel = "NODE", description = "default: this one")
        List<String> nodes = List.of();

        OfNodes(Context context) {
            super(context);
        }

        abstract boolean standby();

        @Override
        public Integer call() {
            return NodeStandbyAction.run(
                    context, all ? everyNode() : nodes, standby(), AttributeLifetime.FOREVER);
        }

        private List<String> everyNode() {
            return context.ask(new ClusterStatusQuery()).nodes().stream()
                    .map(node -> node.name().name())
                    .toList();
        }
    }

    @Command(name = "standby", description = "Moves everything off nodes.")
    static final class Standby extends OfNodes {
        Standby(Context context) {
            super(context);
        }

        @Override
        boolean standby() {
            return true;
        }
    }

    @Command(name = "unstandby", description = "Lets nodes work again.")
    static final class Unstandby extends OfNodes {
        Unstandby(Context context) {
            super(context);
        }

        @Override
        boolean standby() {
            return false;
        }
    }

    @Command(name = "resource", description = "Resources.")
    static final class Resource extends Subcommand implements SubcommandTree {
        Resource(Context context) {
            super(context);
        }

        @Override
        public List<Object> subcommands() {
            return List.of(new Enable(context), new Disable(context), new Cleanup(context));
        }
    }

    @Command(name = "enable", description = "Lets resources run: takes their target-role away.")
    static final class Enable extends Subcommand {
        @Parameters(arity = "1..*", paramLabel = "RESOURCE")
        List<String> resources = List.of();

        Enable(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            for (String resource : resources) {
                Warnings.print(context, context.ask(new ResourceTargetRole(resource, null)));
            }
            return done();
        }
    }

    @Command(name = "disable", description = "Stops resources until they are enabled again.")
    static final class Disable extends Subcommand {
        @Parameters(arity = "1..*", paramLabel = "RESOURCE")
        List<String> resources = List.of();

        Disable(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            for (String resource : resources) {
                Warnings.print(
                        context, context.ask(new ResourceTargetRole(resource, TargetRole.STOPPED)));
            }
            return done();
        }
    }

    @Command(name = "cleanup", description = "Forgets failures, so that the cluster tries again.")
    static final class Cleanup extends Subcommand {
        @Parameters(arity = "0..1", paramLabel = "RESOURCE", description = "default: all")
        @Nullable String resource;

        Cleanup(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            Warnings.print(context, context.ask(new ResourceCleanup(resource, null)));
            return done();
        }
    }
}
