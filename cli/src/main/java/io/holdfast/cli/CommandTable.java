package io.holdfast.cli;

import io.holdfast.cli.command.CompletionCommand;
import io.holdfast.cli.command.CorosyncCfgtoolCommand;
import io.holdfast.cli.command.CorosyncKeygenCommand;
import io.holdfast.cli.command.CorosyncQuorumtoolCommand;
import io.holdfast.cli.command.CrmCommand;
import io.holdfast.cli.command.CrmMonCommand;
import io.holdfast.cli.command.DrbdadmCommand;
import io.holdfast.cli.command.PcsCommand;
import io.holdfast.cli.command.StatusCommand;
import io.holdfast.cli.command.SubcommandTree;
import io.holdfast.cli.command.WarmUpCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The commands of {@code holdfast}, in the order in which help shows them. */
public final class CommandTable {
    /** Under which heading help shows a command. */
    enum Group {
        LOOK("Look"),
        CHANGE("Change"),
        FAMILIAR("Under familiar names"),
        TRY("Try and test"),
        RUN("Run"),
        SHELL("Shell");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** A command that this program carries out; {@code command} makes its picocli object. */
    record Entry(String name, Group group, String summary, Function<Context, Object> command) {}

    /** A command that the launcher carries out with another program; only shown. */
    record Elsewhere(String name, Group group, String summary) {}

    static final List<Entry> ENTRIES =
            List.of(
                    new Entry(
                            "status",
                            Group.LOOK,
                            "nodes, volumes, resources, addresses (--watch, --json)",
                            StatusCommand::new),
                    new Entry(
                            "crm_mon",
                            Group.LOOK,
                            "the same as Pacemaker's users know it (-1: once)",
                            CrmMonCommand::new),
                    new Entry(
                            "crm",
                            Group.CHANGE,
                            "configure load|show, node standby|online, resource start|stop|cleanup",
                            CrmCommand::new),
                    new Entry(
                            "pcs",
                            Group.FAMILIAR,
                            "status, cluster|node standby|unstandby, resource …",
                            PcsCommand::new),
                    new Entry(
                            "drbdadm",
                            Group.FAMILIAR,
                            "create-md, up, down, status, role, dstate, cstate, new-current-uuid",
                            DrbdadmCommand::new),
                    new Entry(
                            "corosync-cfgtool",
                            Group.FAMILIAR,
                            "-s: the state of each ring",
                            CorosyncCfgtoolCommand::new),
                    new Entry(
                            "corosync-quorumtool",
                            Group.FAMILIAR,
                            "-s: votes and quorum",
                            CorosyncQuorumtoolCommand::new),
                    new Entry(
                            "corosync-keygen",
                            Group.FAMILIAR,
                            "makes the cluster's key, etc/holdfast/authkey",
                            CorosyncKeygenCommand::new),
                    new Entry(
                            "completion",
                            Group.SHELL,
                            "a script that completes commands: source <(holdfast completion bash)",
                            CompletionCommand::new));

    /** Not shown: runs once after a build, so that the start-up cache knows what commands use. */
    private static final Entry WARM_UP =
            new Entry("warm-up", Group.SHELL, "for the launcher", WarmUpCommand::new);

    static final List<Elsewhere> ELSEWHERE =
            List.of(
                    new Elsewhere(
                            "explain",
                            Group.LOOK,
                            "resource R: why it is where it is (--cib FILE)"),
                    new Elsewhere(
                            "what-if",
                            Group.LOOK,
                            "what a lost node or a failure would cause: --node-down, --resource-fail"),
                    new Elsewhere(
                            "crm_simulate",
                            Group.FAMILIAR,
                            "what the cluster would do: -x FILE, -S, -s, --node-fail NODE …"),
                    new Elsewhere(
                            "crm_verify", Group.FAMILIAR, "-x FILE: what is wrong or unsafe (-V)"),
                    new Elsewhere(
                            "demo", Group.TRY, "a cluster on this machine that loses its server"),
                    new Elsewhere("lab", Group.TRY, "list and run whole scenarios"),
                    new Elsewhere("test", Group.TRY, "every test (--nightly: the long ones too)"),
                    new Elsewhere("bench", Group.TRY, "one benchmark beside its peers"),
                    new Elsewhere(
                            "simulate-faults", Group.TRY, "clusters from seeds, with every fault"),
                    new Elsewhere("clusterd", Group.RUN, "the daemon that manages the cluster"),
                    new Elsewhere("storaged", Group.RUN, "the daemon that has the data"),
                    new Elsewhere("witness", Group.RUN, "a third vote on a third machine"),
                    new Elsewhere(
                            "keepalived",
                            Group.FAMILIAR,
                            "VRRP by a keepalived.conf, with Keepalived's options; status"));

    private CommandTable() {}

    static Optional<Entry> find(String name) {
        return Stream.concat(ENTRIES.stream(), Stream.of(WARM_UP))
                .filter(entry -> entry.name().equals(name))
                .findFirst();
    }

    /** The picocli form of a command with all its subcommands. */
    static CommandLine line(Entry entry, Context context) {
        return tree(entry.command().apply(context));
    }

    /** All of them, by name: only for who must know every word. */
    public static Map<String, CommandLine> trees(Context context) {
        Map<String, CommandLine> trees = new TreeMap<>();
        ENTRIES.forEach(entry -> trees.put(entry.name(), line(entry, context)));
        return trees;
    }

    private static CommandLine tree(Object command) {
        CommandLine line = new CommandLine(command);
        if (command instanceof SubcommandTree parent) {
            for (Object child : parent.subcommands()) {
                CommandLine below = tree(child);
                line.addSubcommand(below.getCommandName(), below);
            }
        }
        return line;
    }

    /** Every name somebody may type first. */
    public static List<String> names() {
        return Stream.concat(
                        ENTRIES.stream().map(Entry::name),
                        Stream.concat(ELSEWHERE.stream().map(Elsewhere::name), Stream.of("help")))
                .toList();
    }
}
