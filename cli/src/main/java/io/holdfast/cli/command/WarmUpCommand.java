package io.holdfast.cli.command;

import io.holdfast.api.control.ControlServer;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.cli.Context;
import io.holdfast.cli.Main;
import io.holdfast.cli.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * {@code holdfast warm-up}: runs the commonest commands once against a socket of its own, printing
 * nothing, so that the JVM's start-up cache (JEP 514) learns which classes commands need.
 */
@Command(name = "warm-up", hidden = true, description = "For the launcher, after a build.")
public final class WarmUpCommand extends Subcommand {
    public WarmUpCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        Path root = Files.createTempDirectory("holdfast-warm-up");
        Path socket = root.resolve("run/holdfast/clusterd.sock");
        Map<String, String> environment =
                Map.of("HOLDFAST_ROOT", root.toString(), "HOLDFAST_NODE_NAME", "server1");
        PrintStream nowhere =
                new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal silent = new Terminal(nowhere, nowhere, true, true);
        try (ControlServer _ =
                ControlServer.start(
                        socket,
                        (request, _) ->
                                request.answerType() == ClusterStatus.class
                                        ? sample()
                                        : Done.QUIETLY)) {
            for (String[] line :
                    new String[][] {
                        {"--help"},
                        {"status"},
                        {"status", "--json"},
                        {"crm_mon", "-1"},
                        {"crm", "node", "standby", "server1"},
                        {"corosync-quorumtool", "-s"},
                        {"drbdadm", "status"},
                        {"no-such-command"}
                    }) {
                int _ = Main.run(silent, environment, line);
            }
        } finally {
            Files.deleteIfExists(socket.getParent());
            Files.deleteIfExists(root.resolve("run"));
            Files.deleteIfExists(root);
        }
        return done();
    }

    /** A status with something of everything. */
    static ClusterStatus sample() {
        NodeId server1 = new NodeId("server1");
        NodeId server2 = new NodeId("server2");
        ResourceStatus.Primitive volume =
                new ResourceStatus.Primitive(
                        "DRBD",
                        "ocf:linbit:drbd",
                        List.of(
                                new ResourceStatus.Active(
                                        server1, ResourceStatus.ActiveRole.PROMOTED)),
                        true,
                        false,
                        false,
                        false,
                        null);
        return new ClusterStatus(
                "warm-up",
                server1,
                new ClusterStatus.View(
                        new Term(1), List.of(server1, server2), server1, true, 3, 3, 2),
                new ClusterStatus.Witness(new NodeId("witness"), true),
                List.of(new ClusterStatus.Link(0, server2, "10.0.0.1", "10.0.0.2", true)),
                400,
                List.of(
                        new ClusterStatus.Node(
                                server1, 1, ClusterStatus.NodeState.ONLINE, false, false),
                        new ClusterStatus.Node(
                                server2, 1, ClusterStatus.NodeState.ONLINE, true, false)),
                List.of(
                        new ResourceStatus.Clone("MS", "DRBD", true, false, true, List.of(volume)),
                        new ResourceStatus.Group("GROUP", List.of(volume))),
                List.of(
                        new ClusterStatus.FailedOperation(
                                "r",
                                "monitor",
                                10_000,
                                server1,
                                7,
                                "not running",
                                "complete",
                                "",
                                1,
                                0,
                                1)),
                List.of(
                        new VolumeStatus(
                                new VolumeId("V"),
                                "/dev/drbd0",
                                true,
                                VolumeStatus.Role.PRIMARY,
                                VolumeStatus.Disk.UP_TO_DATE,
                                "C",
                                new Epoch(1),
                                1 << 20,
                                false,
                                List.of(
                                        new VolumeStatus.Peer(
                                                server2,
                                                VolumeStatus.Connection.CONNECTED,
                                                VolumeStatus.Role.SECONDARY,
                                                VolumeStatus.Disk.INCONSISTENT,
                                                VolumeStatus.Replication.SYNC_SOURCE,
                                                50,
                                                1 << 19)),
                                VolumeStatus.Counters.NONE,
                                null)),
                List.of(new ClusterStatus.FloatingAddress("IP", "10.0.0.3", 24, "eth0", server1)),
                List.of(new Problem("what", "object", "why", "remedy")),
                "0.1.0",
                LogPosition.NONE,
                new ClusterStatus.LastChange(0, server1, "crm"));
    }
}
