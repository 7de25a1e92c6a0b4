package io.holdfast.cli.command;

import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ClusterRequest.ConfigurationShow;
import io.holdfast.api.message.ClusterRequest.ResourceCleanup;
import io.holdfast.api.message.ClusterRequest.ResourceTargetRole;
import io.holdfast.api.message.ConfigurationSyntax;
import io.holdfast.api.message.LoadMode;
import io.holdfast.api.message.TargetRole;
import io.holdfast.base.NodeId;
import io.holdfast.cli.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crm}: the words of crmsh. */
@Command(name = "crm", description = "Shows and changes the cluster with crmsh's words.")
public final class CrmCommand extends Subcommand implements SubcommandTree {
    public CrmCommand(Context context) {
        super(context);
    }

    @Override
    public List<Object> subcommands() {
        return List.of(
                new Configure(context),
                new Node(context),
                new Resource(context),
                new Status(context));
    }

    @Command(name = "status", description = "The cluster as crm_mon -1 shows it.")
    static final class Status extends Subcommand {
        Status(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            CrmMonCommand.lines(context).forEach(context::say);
            return done();
        }
    }

    @Command(name = "configure", description = "The configuration.")
    static final class Configure extends Subcommand implements SubcommandTree {
        Configure(Context context) {
            super(context);
        }

        @Override
        public List<Object> subcommands() {
            return List.of(new Load(context), new Show(context));
        }
    }

    @Command(
            name = "load",
            description = "Puts a configuration in force, or says all that is wrong with it.")
    static final class Load extends Subcommand {
        static final class LoadWords extends ArrayList<String> {
            LoadWords() {
                super(List.of("update", "replace", "xml"));
            }
        }

        @Parameters(
                index = "0..*",
                arity = "2..3",
                paramLabel = "WORD",
                completionCandidates = LoadWords.class,
                description = "[xml] update|replace FILE (- for standard input)")
        List<String> words = List.of();

        Load(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            boolean xml = words.getFirst().equals("xml");
            List<String> rest = xml ? words.subList(1, words.size()) : words;
            if (rest.size() != 2) {
                throw misused();
            }
            LoadMode mode =
                    switch (rest.getFirst()) {
                        case "update" -> LoadMode.UPDATE;
                        case "replace" -> LoadMode.REPLACE;
                        default -> throw misused();
                    };
            return ConfigurationFile.load(
                    context, rest.getLast(), mode, xml ? ConfigurationSyntax.XML : null);
        }

        private CommandLine.ParameterException misused() {
            return new CommandLine.ParameterException(
                    java.util.Objects.requireNonNull(spec).commandLine(),
                    "say: load update FILE, or load replace FILE");
        }
    }

    @Command(name = "show", description = "Prints the configuration.")
    static final class Show extends Subcommand {
        @Parameters(arity = "0..1", paramLabel = "xml", description = "as CIB XML, not crm text")
        @Nullable String xml;

        Show(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            if (xml != null && !xml.equals("xml")) {
                throw new CommandLine.ParameterException(
                        java.util.Objects.requireNonNull(spec).commandLine(),
                        "say: show, or show xml");
            }
            ConfigurationSyntax syntax =
                    xml == null ? ConfigurationSyntax.CRM : ConfigurationSyntax.XML;
            context.terminal()
                    .out()
                    .print(
                            context.ask(new ConfigurationShow(syntax)).text().stripTrailing()
                                    + "\n");
            return done();
        }
    }

    @Command(name = "node", description = "Nodes.")
    static final class Node extends Subcommand implements SubcommandTree {
        Node(Context context) {
            super(context);
        }

        @Override
        public List<Object> subcommands() {
            return List.of(new Standby(context), new Online(context));
        }
    }

    @Command(name = "standby", description = "Moves everything off a node (default: this one).")
    static final class Standby extends Subcommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "NODE")
        @Nullable String node;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "forever|reboot",
                description = "until taken back (default), or until the node leaves")
        @Nullable String lifetime;

        Standby(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            AttributeLifetime lives =
                    "reboot".equals(lifetime)
                            ? AttributeLifetime.REBOOT
                            : AttributeLifetime.FOREVER;
            return NodeStandbyAction.run(context, named(node), true, lives);
        }
    }

    @Command(name = "online", description = "Lets a node work again (default: this one).")
    static final class Online extends Subcommand {
        @Parameters(arity = "0..1", paramLabel = "NODE")
        @Nullable String node;

        Online(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            return NodeStandbyAction.run(context, named(node), false, AttributeLifetime.FOREVER);
        }
    }

    private static List<String> named(@Nullable String node) {
        return node == null ? List.of() : List.of(node);
    }

    @Command(name = "resource", description = "Resources.")
    static final class Resource extends Subcommand implements SubcommandTree {
        Resource(Context context) {
            super(context);
        }

        @Override
        public List<Object> subcommands() {
            return List.of(
                    new Start(context),
                    new Stop(context),
                    new Promote(context),
                    new Demote(context),
                    new Cleanup(context));
        }
    }

    /** Sets target-role; what the word means is the only difference. */
    abstract static class Role extends Subcommand {
        @Parameters(arity = "1..*", paramLabel = "RESOURCE")
        List<String> resources = List.of();

        Role(Context context) {
            super(context);
        }

        abstract TargetRole role();

        @Override
        public Integer call() {
            for (String resource : resources) {
                Warnings.print(context, context.ask(new ResourceTargetRole(resource, role())));
            }
            return done();
        }
    }

    @Command(name = "start", description = "Lets resources be started.")
    static final class Start extends Role {
        Start(Context context) {
            super(context);
        }

        @Override
        TargetRole role() {
            return TargetRole.STARTED;
        }
    }

    @Command(name = "stop", description = "Stops resources until they are started again.")
    static final class Stop extends Role {
        Stop(Context context) {
            super(context);
        }

        @Override
        TargetRole role() {
            return TargetRole.STOPPED;
        }
    }

    @Command(name = "promote", description = "Lets promotable resources be promoted.")
    static final class Promote extends Role {
        Promote(Context context) {
            super(context);
        }

        @Override
        TargetRole role() {
            return TargetRole.PROMOTED;
        }
    }

    @Command(name = "demote", description = "Lets promotable resources run, but not promoted.")
    static final class Demote extends Role {
        Demote(Context context) {
            super(context);
        }

        @Override
        TargetRole role() {
            return TargetRole.UNPROMOTED;
        }
    }

    @Command(name = "cleanup", description = "Forgets failures, so that the cluster tries again.")
    static final class Cleanup extends Subcommand {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "RESOURCE",
                description = "default: all")
        @Nullable String resource;

        @Parameters(index = "1", arity = "0..1", paramLabel = "NODE", description = "default: all")
        @Nullable String node;

        Cleanup(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            NodeId where = node == null ? null : new NodeId(node);
            Warnings.print(context, context.ask(new ResourceCleanup(resource, where)));
            return done();
        }
    }
}
