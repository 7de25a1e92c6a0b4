package io.holdfast.iscsi.command;

import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.initiator.DiscoveredTarget;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import io.holdfast.iscsi.initiator.PortalText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code holdfast iscsiadm}: discovery, the list of nodes, login. Without the kernel's initiator a
 * login tries the session and marks the node; sessions live in the processes that use its disks.
 */
@Command(
        name = "iscsiadm",
        mixinStandardHelpOptions = true,
        description = "Find targets, list them, and say which of them are to be used.",
        footer = {
            "",
            "Examples:",
            "  holdfast iscsiadm -m discovery -t st -p 192.168.195.131",
            "  holdfast iscsiadm -m node -T iqn.2016-12.org.lr:lvm -p 192.168.195.131:3260 -l",
            "  holdfast iscsiadm -m node"
        })
final class IscsiadmCommand implements Callable<Integer> {
    /** open-iscsi's codes. */
    private static final int LOGIN_FAILED = 19;

    private static final int NO_RECORDS = 21;

    @Option(
            names = {"-m", "--mode"},
            required = true,
            description = "discovery, node or session")
    private String mode = "";

    @Option(
            names = {"-t", "--type"},
            description = "of discovery: st (SendTargets)")
    private String type = "st";

    @Option(
            names = {"-p", "--portal"},
            description = "IP[:PORT]")
    private String portal = "";

    @Option(
            names = {"-T", "--targetname"},
            description = "iqn of the target")
    private String target = "";

    @Option(
            names = {"-l", "--login"},
            description = "log in; in node mode without -T and -p, everywhere")
    private boolean login;

    @Option(
            names = {"-u", "--logout"},
            description = "use the node no longer")
    private boolean logout;

    @Option(
            names = {"-o", "--op"},
            description = "delete: forget the node")
    private String operation = "";

    @Option(
            names = "--dir",
            defaultValue = "${env:HOLDFAST_ROOT:-}/etc/holdfast/iscsi",
            description = "initiatorname.iscsi, iscsid.conf and nodes (default: ${DEFAULT-VALUE})")
    private Path folder = Path.of("");

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            return 1;
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            NodeDatabase nodes = new NodeDatabase(folder);
            return switch (mode) {
                case "discovery" -> discover(nodes, out);
                case "node" -> node(nodes, out, err);
                case "session" -> sessions(nodes, out, err);
                default -> {
                    err.println("holdfast iscsiadm: mode is discovery, node or session");
                    yield 7;
                }
            };
        } catch (ProblemException e) {
            err.println(e.problem().message());
            return 6;
        } catch (IscsiException e) {
            err.println("holdfast iscsiadm: " + e.getMessage());
            return 4;
        } finally {
            out.flush();
        }
    }

    private int discover(NodeDatabase database, PrintWriter out) throws IscsiException {
        if (!type.equals("st") && !type.equals("sendtargets")) {
            throw new IscsiException("discovery is of type st; \"" + type + "\" is not known");
        }
        List<NodeDatabase.Node> known = new ArrayList<>(database.nodes());
        for (DiscoveredTarget found :
                IscsiInitiator.discover(PortalText.parse(portal), database.initiator())) {
            for (String address : found.portals()) {
                int comma = address.indexOf(',');
                String group = comma < 0 ? "1" : address.substring(comma + 1);
                NodeDatabase.Node node =
                        new NodeDatabase.Node(
                                found.targetName(),
                                PortalText.format(PortalText.parse(address)),
                                group.matches("[0-9]{1,5}") ? Integer.parseInt(group) : 1,
                                false);
                out.println(node.text());
                if (known.stream().noneMatch(k -> k.compareTo(node) == 0)) {
                    known.add(node);
                }
            }
        }
        database.store(known);
        return 0;
    }

    private int node(NodeDatabase database, PrintWriter out, PrintWriter err) {
        List<NodeDatabase.Node> all = database.nodes();
        List<NodeDatabase.Node> chosen = all.stream().filter(this::chosen).toList();
        if (chosen.isEmpty()) {
            err.println("holdfast iscsiadm: No records found");
            return NO_RECORDS;
        }
        List<NodeDatabase.Node> left = new ArrayList<>(all);
        int code = 0;
        for (NodeDatabase.Node node : chosen) {
            if (login) {
                boolean good = logIn(database, node, out, err);
                code = good ? code : LOGIN_FAILED;
                left.replaceAll(n -> n.equals(node) && good ? n.withLogin(true) : n);
            } else if (logout) {
                out.printf("Logout of %s successful.%n", described(node));
                left.replaceAll(n -> n.equals(node) ? n.withLogin(false) : n);
            } else if (operation.equals("delete")) {
                left.remove(node);
            } else {
                out.println(node.text());
            }
        }
        if (login || logout || operation.equals("delete")) {
            database.store(left);
        }
        return code;
    }

    private boolean chosen(NodeDatabase.Node node) {
        boolean samePortal =
                portal.isEmpty()
                        || node.portal().equals(portal)
                        || node.portal().equals(portal + ":3260");
        return samePortal && (target.isEmpty() || node.target().equals(target));
    }

    private static String described(NodeDatabase.Node node) {
        int colon = node.portal().lastIndexOf(':');
        return "[iface: default, target: %s, portal: %s,%s]"
                .formatted(
                        node.target(),
                        node.portal().substring(0, colon),
                        node.portal().substring(colon + 1));
    }

    private static boolean logIn(
            NodeDatabase database, NodeDatabase.Node node, PrintWriter out, PrintWriter err) {
        out.printf("Logging in to %s%n", described(node));
        try (InitiatorSession session =
                IscsiInitiator.login(
                        PortalText.parse(node.portal()), node.target(), database.initiator())) {
            out.printf(
                    "Login to %s successful: %d units.%n",
                    described(node), session.reportLuns().size());
            return true;
        } catch (IscsiException e) {
            err.printf(
                    "holdfast iscsiadm: Could not login to %s: %s%n",
                    described(node), e.getMessage());
            return false;
        }
    }

    private static int sessions(NodeDatabase database, PrintWriter out, PrintWriter err) {
        List<NodeDatabase.Node> used =
                database.nodes().stream().filter(NodeDatabase.Node::loggedIn).toList();
        if (used.isEmpty()) {
            err.println("holdfast iscsiadm: No active sessions.");
            return NO_RECORDS;
        }
        for (int i = 0; i < used.size(); i++) {
            out.printf("tcp: [%d] %s%n", i + 1, used.get(i).text());
        }
        return 0;
    }
}
