package io.holdfast.membership.codec;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.membership.MembershipConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a corosync.conf (corosync.conf(5), votequorum(5)) in both forms: the {@code nodelist} of
 * Corosync 2 and 3, and the {@code member} addresses inside each {@code interface} of Corosync 1,
 * whose nodes have no names: those are looked up by address, as /etc/hosts has them.
 *
 * <p>Holdfast speaks its own protocol on these addresses and ports, always authenticated and
 * encrypted; {@code transport}, {@code rrp_mode} and the like choose between things it does not
 * need to choose. A section {@code holdfast} may set its own times in milliseconds: {@code
 * heartbeat}, {@code suspicion}, {@code renewal}, {@code lease}.
 */
public final class CorosyncConf {
    /** Names of addresses, for files that give only addresses. */
    @FunctionalInterface
    public interface HostNames {
        Optional<String> nameOf(InetAddress address);
    }

    private static final int MAX_PORT = 65_535;
    private static final int MAX_VOTES = 100;
    private static final int FIRST_PORT = 5405;
    private static final int WITNESS_PORT = 5403;
    private static final int HEARTBEAT_MILLIS = 100;
    private static final int SUSPICION_MILLIS = 400;
    private static final int RENEWAL_MILLIS = 150;
    private static final int LEASE_MILLIS = 600;

    /** Keys that are read, or whose every value comes to the same here. */
    private static final Map<String, Set<String>> KNOWN =
            Map.of(
                    "", Set.of("compatibility"),
                    "totem",
                            Set.of(
                                    "version",
                                    "cluster_name",
                                    "secauth",
                                    "crypto_cipher",
                                    "crypto_hash",
                                    "crypto_model",
                                    "threads",
                                    "rrp_mode",
                                    "link_mode",
                                    "transport",
                                    "token",
                                    "ip_version",
                                    "config_version",
                                    "interface"),
                    "interface",
                            Set.of(
                                    "ringnumber",
                                    "linknumber",
                                    "bindnetaddr",
                                    "mcastaddr",
                                    "mcastport",
                                    "broadcast",
                                    "ttl",
                                    "member"),
                    "member", Set.of("memberaddr"),
                    "node",
                            Set.of(
                                    "name",
                                    "nodeid",
                                    "quorum_votes",
                                    "ring0_addr",
                                    "ring1_addr",
                                    "ring2_addr",
                                    "ring3_addr",
                                    "ring4_addr",
                                    "ring5_addr",
                                    "ring6_addr",
                                    "ring7_addr"),
                    "quorum",
                            Set.of(
                                    "provider",
                                    "expected_votes",
                                    "two_node",
                                    "wait_for_all",
                                    "device"),
                    "device", Set.of("model", "votes", "net"),
                    "net", Set.of("host", "port", "algorithm", "tls"),
                    "holdfast", Set.of("heartbeat", "suspicion", "renewal", "lease"));

    /** Sections whose content changes nothing here, because Holdfast does it anyway or never. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("amf", "service", "aisexec", "uidgid");

    private static final Set<String> SECTIONS = Set.of("totem", "nodelist", "quorum", "holdfast");

    private final String source;
    private final HostNames names;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    private CorosyncConf(String source, HostNames names) {
        this.source = source;
        this.names = names;
    }

    /**
     * Reads the text of a file.
     *
     * @param source the file, for messages
     * @throws ProblemException with everything that is wrong, one after the other
     */
    public static MembershipConfig parse(String text, String source, HostNames names) {
        return new CorosyncConf(source, names).read(text);
    }

    private MembershipConfig read(String text) {
        ConfSection file = ConfSection.parse(text, source, problems);
        failOnProblems();
        ConfSection totem = file.section("totem").orElse(null);
        if (totem == null) {
            throw new ProblemException(
                    problem(
                            0,
                            "there is no totem section",
                            "it names the rings",
                            "add totem { … }"));
        }
        warnOfUnknown(file);
        warnOfUnsafe(totem);
        List<MembershipConfig.Node> nodes =
                file.section("nodelist").isPresent()
                        ? nodesOfList(file.section("nodelist").get(), totem)
                        : nodesOfInterfaces(totem);
        checkNodes(nodes);
        Optional<ConfSection> quorum = file.section("quorum");
        Optional<MembershipConfig.Witness> witness =
                quorum.flatMap(q -> q.section("device")).map(this::witness);
        witness.ifPresent(w -> checkWitness(w, nodes));
        quorum.ifPresent(q -> checkVotes(q, nodes));
        boolean twoNode = quorum.map(q -> number(q, "two_node", 0) == 1).orElse(false);
        if (twoNode && nodes.size() != 2) {
            problems.add(
                    problem(
                            line(quorum.get(), "two_node"),
                            "two_node is set for " + nodes.size() + " nodes",
                            "it is for clusters of exactly two",
                            "remove two_node, or name two nodes"));
        }
        if (nodes.size() == 2 && witness.isEmpty()) {
            warnings.add(withoutWitness());
        }
        MembershipConfig config =
                withTimes(file, totem, nodes, witness, waitForAll(quorum, twoNode, witness));
        failOnProblems();
        return config;
    }

    private boolean waitForAll(
            Optional<ConfSection> quorum,
            boolean twoNode,
            Optional<MembershipConfig.Witness> witness) {
        // votequorum(5): two_node turns wait_for_all on unless it is said otherwise.
        boolean otherwise = twoNode && witness.isEmpty();
        return quorum.map(q -> number(q, "wait_for_all", otherwise ? 1 : 0) == 1).orElse(false);
    }

    // --- nodes
    // ------------------------------------------------------------------------------------------

    private List<MembershipConfig.Node> nodesOfList(ConfSection list, ConfSection totem) {
        List<MembershipConfig.Node> nodes = new ArrayList<>();
        for (ConfSection section : list.sections("node")) {
            SortedMap<Integer, InetSocketAddress> addresses = new TreeMap<>();
            for (int ring = 0; ring < 8; ring++) {
                int at = ring;
                section.setting("ring" + ring + "_addr")
                        .flatMap(this::address)
                        .ifPresent(
                                a -> addresses.put(at, new InetSocketAddress(a, port(totem, at))));
            }
            if (addresses.isEmpty()) {
                problems.add(
                        problem(
                                section.line(),
                                "a node has no address",
                                "none of ring0_addr, ring1_addr … is a numeric address",
                                "add ring0_addr: ADDRESS"));
                continue;
            }
            name(section, addresses)
                    .ifPresent(
                            name ->
                                    nodes.add(
                                            new MembershipConfig.Node(
                                                    name,
                                                    number(section, "nodeid", nodes.size() + 1),
                                                    inRange(
                                                            section,
                                                            "quorum_votes",
                                                            1,
                                                            0,
                                                            MAX_VOTES),
                                                    addresses)));
        }
        return nodes;
    }

    private Optional<NodeId> name(
            ConfSection section, SortedMap<Integer, InetSocketAddress> addresses) {
        Optional<ConfSection.Setting> given = section.setting("name");
        if (given.isPresent()) {
            return nodeId(given.get().line(), given.get().value());
        }
        return nameOf(section.line(), List.copyOf(addresses.values()));
    }

    private List<MembershipConfig.Node> nodesOfInterfaces(ConfSection totem) {
        // The first member of each ring is one node, the second another, as the file lists them.
        List<SortedMap<Integer, InetSocketAddress>> members = new ArrayList<>();
        int firstLine = totem.line();
        for (ConfSection ring : totem.sections("interface")) {
            int number = number(ring, "ringnumber", number(ring, "linknumber", 0));
            List<ConfSection> listed = ring.sections("member");
            for (int i = 0; i < listed.size(); i++) {
                if (members.size() <= i) {
                    members.add(new TreeMap<>());
                }
                int index = i;
                listed.get(i)
                        .setting("memberaddr")
                        .flatMap(this::address)
                        .ifPresent(
                                a ->
                                        members.get(index)
                                                .put(
                                                        number,
                                                        new InetSocketAddress(
                                                                a, port(totem, number))));
            }
        }
        List<MembershipConfig.Node> nodes = new ArrayList<>();
        for (SortedMap<Integer, InetSocketAddress> addresses : members) {
            nameOf(firstLine, List.copyOf(addresses.values()))
                    .ifPresent(
                            name ->
                                    nodes.add(
                                            new MembershipConfig.Node(
                                                    name, nodes.size() + 1, 1, addresses)));
        }
        return nodes;
    }

    private Optional<NodeId> nameOf(int line, List<InetSocketAddress> addresses) {
        for (InetSocketAddress address : addresses) {
            Optional<String> name = names.nameOf(address.getAddress());
            if (name.isPresent()) {
                return nodeId(line, name.get());
            }
        }
        problems.add(
                problem(
                        line,
                        "a node has no name",
                        "neither a name here nor one in the hosts file for "
                                + addresses.stream()
                                        .map(a -> a.getAddress().getHostAddress())
                                        .toList(),
                        "add \"name: NAME\" to its node section, or the address to /etc/hosts"));
        return Optional.empty();
    }

    private Optional<NodeId> nodeId(int line, String name) {
        try {
            return Optional.of(new NodeId(name));
        } catch (ProblemException e) {
            problems.add(
                    problem(line, e.problem().what(), e.problem().why(), e.problem().remedy()));
            return Optional.empty();
        }
    }

    private void checkNodes(List<MembershipConfig.Node> nodes) {
        if (!problems.isEmpty()) {
            return; // What is missing because of a mistake is not a second one.
        }
        if (nodes.isEmpty() || nodes.size() > MembershipConfig.MAX_NODES) {
            problems.add(
                    problem(
                            0,
                            "the file names " + nodes.size() + " nodes",
                            "a cluster has 1 to " + MembershipConfig.MAX_NODES,
                            "add a nodelist with a node section for each node"));
        }
        Set<Object> seen = new HashSet<>();
        for (MembershipConfig.Node node : nodes) {
            once(seen, node.name(), "the name " + node.name());
            once(seen, node.nodeId(), "nodeid " + node.nodeId());
            node.addresses()
                    .values()
                    .forEach(a -> once(seen, a.getAddress(), "address " + a.getAddress()));
            if (!node.addresses().keySet().equals(nodes.getFirst().addresses().keySet())) {
                problems.add(
                        problem(
                                0,
                                "node " + node.name() + " is not on the same rings as the others",
                                "it has rings "
                                        + node.addresses().keySet()
                                        + ", "
                                        + nodes.getFirst().name()
                                        + " has "
                                        + nodes.getFirst().addresses().keySet(),
                                "give every node an address on every ring"));
            }
        }
    }

    private void once(Set<Object> seen, Object what, String words) {
        if (!seen.add(what)) {
            problems.add(
                    problem(
                            0,
                            words + " is used twice",
                            "two nodes cannot be told apart by it",
                            "give each node its own"));
        }
    }

    // --- quorum
    // -----------------------------------------------------------------------------------------

    private MembershipConfig.Witness witness(ConfSection device) {
        String model = device.setting("model").map(ConfSection.Setting::value).orElse("net");
        if (!model.equals("net")) {
            problems.add(
                    problem(
                            line(device, "model"),
                            "the quorum device model \"" + model + "\" is not known",
                            "Holdfast has one kind, a witness on another host",
                            "write model: net"));
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        ConfSection net = device.section("net").orElse(device);
        int port = inRange(net, "port", WITNESS_PORT, 1, MAX_PORT);
        Optional<ConfSection.Setting> host = net.setting("host");
        for (String word : host.map(h -> h.value().split("[,\\s]+")).orElse(new String[0])) {
            numeric(word)
                    .ifPresentOrElse(
                            a -> addresses.add(new InetSocketAddress(a, port)),
                            () -> problems.add(notNumeric(line(net, "host"), word)));
        }
        if (host.isEmpty()) {
            problems.add(
                    problem(
                            device.line(),
                            "the quorum device has no host",
                            "a witness is asked over the network",
                            "add net { host: ADDRESS }, one address for each ring it is on"));
        }
        return new MembershipConfig.Witness(addresses, inRange(device, "votes", 1, 0, MAX_VOTES));
    }

    private void checkWitness(MembershipConfig.Witness witness, List<MembershipConfig.Node> nodes) {
        for (MembershipConfig.Node node : nodes) {
            for (InetSocketAddress address : node.addresses().values()) {
                if (witness.addresses().stream()
                        .anyMatch(w -> w.getAddress().equals(address.getAddress()))) {
                    problems.add(
                            problem(
                                    0,
                                    "the witness is node " + node.name(),
                                    address.getAddress().getHostAddress()
                                            + " is both: its death would take two votes at once",
                                    "run the witness on a third machine"));
                }
            }
        }
    }

    private void checkVotes(ConfSection quorum, List<MembershipConfig.Node> nodes) {
        int votes = nodes.stream().mapToInt(MembershipConfig.Node::votes).sum();
        int expected = number(quorum, "expected_votes", votes);
        if (expected != votes && !nodes.isEmpty()) {
            warnings.add(
                    problem(
                            line(quorum, "expected_votes"),
                            "expected_votes is not obeyed",
                            "the nodes listed have " + votes + " votes, not " + expected,
                            "correct it or leave it out: the list counts"));
        }
    }

    private Problem withoutWitness() {
        return problem(
                0,
                "two nodes without a witness cannot take over from each other safely",
                "neither half of a split has a majority, so when a node dies the other stops too",
                "run `holdfast witness` on any third machine and add quorum { device { model: net"
                        + " net { host: ADDRESS } } }");
    }

    // --- times
    // ------------------------------------------------------------------------------------------

    private MembershipConfig withTimes(
            ConfSection file,
            ConfSection totem,
            List<MembershipConfig.Node> nodes,
            Optional<MembershipConfig.Witness> witness,
            boolean waitForAll) {
        int token = number(totem, "token", SUSPICION_MILLIS);
        if (token > SUSPICION_MILLIS) {
            warnings.add(
                    problem(
                            line(totem, "token"),
                            "a dead node will be noticed only after " + token + " ms",
                            "the token time-out is obeyed as it is; Holdfast's own is "
                                    + SUSPICION_MILLIS
                                    + " ms",
                            "leave token out unless your network needs it"));
        }
        Optional<ConfSection> own = file.section("holdfast");
        int suspicion = own.map(o -> number(o, "suspicion", token)).orElse(token);
        int heartbeat =
                own.map(o -> number(o, "heartbeat", 0))
                        .filter(h -> h > 0)
                        .orElse(Math.min(HEARTBEAT_MILLIS, Math.max(10, suspicion / 4)));
        int lease =
                own.map(o -> number(o, "lease", 0))
                        .filter(l -> l > 0)
                        .orElse(Math.max(LEASE_MILLIS, suspicion * 3 / 2));
        int renewal =
                own.map(o -> number(o, "renewal", 0))
                        .filter(r -> r > 0)
                        .orElse(Math.min(RENEWAL_MILLIS, lease / 4));
        if (2 * heartbeat > suspicion || 2 * renewal > lease) {
            problems.add(
                    problem(
                            own.map(ConfSection::line).orElse(totem.line()),
                            "the times cannot stand the loss of a single packet",
                            "heartbeat "
                                    + heartbeat
                                    + " of suspicion "
                                    + suspicion
                                    + ", renewal "
                                    + renewal
                                    + " of lease "
                                    + lease
                                    + " ms",
                            "keep suspicion at least twice heartbeat, and lease twice renewal"));
        }
        String name =
                totem.setting("cluster_name").map(ConfSection.Setting::value).orElse("holdfast");
        return new MembershipConfig(
                name, nodes, witness, waitForAll, heartbeat, suspicion, renewal, lease, warnings);
    }

    // --- what is not obeyed
    // -----------------------------------------------------------------------------

    private void warnOfUnsafe(ConfSection totem) {
        boolean off =
                totem.setting("secauth").filter(s -> s.value().equals("off")).isPresent()
                        || totem.setting("crypto_cipher")
                                .filter(s -> s.value().equals("none"))
                                .isPresent();
        if (off) {
            warnings.add(
                    problem(
                            totem.line(),
                            "switching encryption off is not obeyed",
                            "whoever can send a packet could otherwise command the cluster",
                            "nothing; keep the same authkey on every node"));
        }
    }

    private void warnOfUnknown(ConfSection file) {
        for (ConfSection section : file.sections()) {
            if (SECTIONS.contains(section.name())) {
                warnOfUnknownKeys(section);
            } else if (section.name().equals("logging")) {
                warnings.add(
                        problem(
                                section.line(),
                                "the logging section is not obeyed",
                                "Holdfast logs to its own files",
                                "look into var/log/holdfast"));
            } else if (!WITHOUT_EFFECT.contains(section.name())) {
                warnings.add(
                        problem(
                                section.line(),
                                "section " + section.name() + " is not obeyed",
                                "Holdfast does not know it",
                                "check its spelling, or remove it"));
            }
        }
        file.settings().forEach(s -> warnUnlessKnown("", s));
    }

    private void warnOfUnknownKeys(ConfSection section) {
        section.settings().forEach(s -> warnUnlessKnown(section.name(), s));
        for (ConfSection inner : section.sections()) {
            boolean known =
                    inner.name().equals("node")
                            || KNOWN.getOrDefault(section.name(), Set.of()).contains(inner.name());
            if (known) {
                warnOfUnknownKeys(inner);
            } else {
                warnings.add(notObeyed(inner.line(), "section " + inner.name()));
            }
        }
    }

    private void warnUnlessKnown(String section, ConfSection.Setting setting) {
        if (!KNOWN.getOrDefault(section, Set.of()).contains(setting.key())) {
            warnings.add(notObeyed(setting.line(), setting.key()));
        }
    }

    private Problem notObeyed(int line, String what) {
        return problem(
                line,
                what + " is not obeyed",
                "Holdfast does not know it, or has no need of it",
                "check its spelling, or leave it out");
    }

    // --- values
    // -----------------------------------------------------------------------------------------

    private int port(ConfSection totem, int ring) {
        for (ConfSection section : totem.sections("interface")) {
            if (number(section, "ringnumber", number(section, "linknumber", 0)) == ring) {
                return inRange(section, "mcastport", FIRST_PORT + ring, 1, MAX_PORT);
            }
        }
        return FIRST_PORT + ring;
    }

    private int number(ConfSection section, String key, int otherwise) {
        Optional<ConfSection.Setting> setting = section.setting(key);
        if (setting.isEmpty()) {
            return otherwise;
        }
        String value = setting.get().value();
        if (value.matches("[0-9]{1,9}")) {
            return Integer.parseInt(value);
        }
        if (value.equals("yes") || value.equals("no")) {
            return value.equals("yes") ? 1 : 0;
        }
        problems.add(
                problem(
                        setting.get().line(),
                        key + " is no number",
                        "\"" + value + "\" was read",
                        "write a whole number"));
        return otherwise;
    }

    private int inRange(ConfSection section, String key, int otherwise, int least, int most) {
        int value = number(section, key, otherwise);
        if (value >= least && value <= most) {
            return value;
        }
        problems.add(
                problem(
                        line(section, key),
                        key + " is out of range",
                        value + " was read",
                        "write " + least + " to " + most));
        return otherwise;
    }

    private Optional<InetAddress> address(ConfSection.Setting setting) {
        Optional<InetAddress> address = numeric(setting.value());
        if (address.isEmpty()) {
            problems.add(notNumeric(setting.line(), setting.value()));
        }
        return address;
    }

    private Problem notNumeric(int line, String value) {
        return problem(
                line,
                "\"" + value + "\" is no numeric address",
                "names may change their meaning when the network fails, which is when it matters",
                "write the address, such as 10.1.0.100");
    }

    private static Optional<InetAddress> numeric(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int line(ConfSection section, String key) {
        return section.setting(key).map(ConfSection.Setting::line).orElse(section.line());
    }

    private Problem problem(int line, String what, String why, String remedy) {
        return new Problem(what, line > 0 ? source + " line " + line : source, why, remedy);
    }

    private void failOnProblems() {
        if (problems.isEmpty()) {
            return;
        }
        if (problems.size() == 1) {
            throw new ProblemException(problems.getFirst());
        }
        List<String> all = problems.stream().map(Problem::message).toList();
        throw new ProblemException(
                new Problem(
                        problems.size() + " mistakes",
                        source,
                        String.join(" ", all),
                        "correct each, then start again"));
    }
}
