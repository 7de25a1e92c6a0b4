package io.holdfast.iscsi.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import io.holdfast.iscsi.initiator.PortalText;
import io.holdfast.iscsi.multipath.MultipathConf;
import io.holdfast.iscsi.multipath.MultipathDisk;
import io.holdfast.iscsi.multipath.MultipathText;
import io.holdfast.iscsi.multipath.UnitName;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast multipath -ll}: the disks of all nodes that are logged in, and their paths. */
@Command(
        name = "multipath",
        mixinStandardHelpOptions = true,
        description = "Show the disks of the nodes that iscsiadm logged in to, and their paths.")
final class MultipathCommand implements Callable<Integer> {
    private static final int TIMEOUT_MILLIS = 2_000;

    @Option(names = "-ll", description = "show disks and paths")
    private boolean list;

    @Option(names = "-F", description = "nothing is kept that could be flushed")
    private boolean flush;

    @Option(
            names = {"-v2", "-v"},
            description = "show disks as they are found")
    private boolean verbose;

    @Option(
            names = "--dir",
            defaultValue = "${env:HOLDFAST_ROOT:-}/etc/holdfast/iscsi",
            description = "the folder of holdfast iscsiadm (default: ${DEFAULT-VALUE})")
    private Path folder = Path.of("");

    @Option(
            names = "--config",
            defaultValue = "${env:HOLDFAST_ROOT:-}/etc/multipath.conf",
            description = "multipath.conf (default: ${DEFAULT-VALUE})")
    private Path config = Path.of("");

    @Parameters(arity = "0..1", description = "only this disk: alias or WWID")
    private String only = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            return 1;
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (list || verbose || !flush) {
                show(out);
            }
            return 0;
        } catch (ProblemException e) {
            spec.commandLine().getErr().println(e.problem().message());
            return 1;
        } finally {
            out.flush();
        }
    }

    private void show(PrintWriter out) {
        NodeDatabase nodes = new NodeDatabase(folder);
        MultipathConf conf = read();
        conf.warnings().forEach(this::warn);
        SortedMap<String, List<InetSocketAddress>> portals = new TreeMap<>();
        for (NodeDatabase.Node node : nodes.nodes()) {
            if (node.loggedIn()) {
                portals.computeIfAbsent(node.target(), t -> new ArrayList<>()).add(address(node));
            }
        }
        InitiatorConfig me =
                nodes.initiator().withTimeouts(TIMEOUT_MILLIS, TIMEOUT_MILLIS, TIMEOUT_MILLIS);
        int number = 0;
        for (String target : portals.keySet()) {
            List<InetSocketAddress> of = portals.getOrDefault(target, List.of());
            for (int lun : disks(of, target, me)) {
                number += show(out, conf, target, lun, of, me, number) ? 1 : 0;
            }
        }
    }

    private MultipathConf read() {
        try {
            return MultipathConf.parse(Files.exists(config) ? Files.readString(config) : "");
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the configuration of multipath cannot be used",
                            config.toString(),
                            e.toString(),
                            "see that it can be read, or give another --config"),
                    e);
        }
    }

    private void warn(String text) {
        if (spec != null) {
            spec.commandLine().getErr().println("warning: " + text);
        }
    }

    private static InetSocketAddress address(NodeDatabase.Node node) {
        try {
            return PortalText.parse(node.portal());
        } catch (IscsiException e) {
            throw new ProblemException(
                    new Problem(
                            "the node cannot be used",
                            node.text(),
                            String.valueOf(e.getMessage()),
                            "delete it (iscsiadm -m node -o delete) and discover it anew"),
                    e);
        }
    }

    /** The units of a target that are disks, by the first portal that answers. */
    private List<Integer> disks(
            List<InetSocketAddress> portals, String target, InitiatorConfig me) {
        for (InetSocketAddress portal : portals) {
            try (InitiatorSession session = IscsiInitiator.login(portal, target, me)) {
                List<Integer> disks = new ArrayList<>();
                for (int lun : session.reportLuns()) {
                    byte[] inquiry = session.inquiry(lun);
                    if (inquiry.length > 0 && (inquiry[0] & 0xff) == 0) {
                        disks.add(lun);
                    }
                }
                return disks;
            } catch (IscsiException e) {
                warn(target + " at " + PortalText.format(portal) + ": " + e.getMessage());
            }
        }
        return List.of();
    }

    private boolean show(
            PrintWriter out,
            MultipathConf conf,
            String target,
            int lun,
            List<InetSocketAddress> portals,
            InitiatorConfig me,
            int number) {
        try {
            UnitName unit = MultipathDisk.nameOf(target, lun, portals, me);
            MultipathConf.Configured map = conf.map(unit.wwid());
            boolean wanted = only.isEmpty() || only.equals(map.alias()) || only.equals(unit.wwid());
            if (conf.blacklists(unit.wwid()) || !wanted) {
                return false;
            }
            try (MultipathDisk disk =
                    MultipathDisk.open(
                            new VolumeId("map" + number),
                            target,
                            lun,
                            portals,
                            me,
                            map.settings())) {
                out.print(MultipathText.of(map.alias(), number, disk));
                return true;
            }
        } catch (IscsiException e) {
            warn(target + " LUN " + lun + ": " + e.getMessage());
            return false;
        }
    }
}
