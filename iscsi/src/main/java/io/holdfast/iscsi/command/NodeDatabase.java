package io.holdfast.iscsi.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What open-iscsi keeps in /etc/iscsi, in one folder: who we are ({@code initiatorname.iscsi}),
 * CHAP ({@code iscsid.conf}), and the nodes that discovery found ({@code nodes}, a line each).
 */
final class NodeDatabase {
    private static final long MAX_BYTES = 4 << 20;

    /**
     * One portal of one target.
     *
     * @param portal {@code address:port}
     * @param loggedIn whether its disks are to be used
     */
    record Node(String target, String portal, int portalGroup, boolean loggedIn)
            implements Comparable<Node> {
        /** As iscsiadm prints it. */
        String text() {
            return portal + "," + portalGroup + " " + target;
        }

        Node withLogin(boolean login) {
            return new Node(target, portal, portalGroup, login);
        }

        @Override
        public int compareTo(Node other) {
            return (target + " " + portal).compareTo(other.target + " " + other.portal);
        }
    }

    private final Path folder;

    NodeDatabase(Path folder) {
        this.folder = folder;
    }

    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (String line : lines(folder.resolve("nodes"))) {
            String[] words = line.split(" ", -1);
            if (words.length == 4 && words[2].matches("[0-9]{1,5}")) {
                nodes.add(
                        new Node(
                                words[0],
                                words[1],
                                Integer.parseInt(words[2]),
                                words[3].equals("automatic")));
            }
        }
        return nodes;
    }

    /** Replaces all nodes; the file is never half written. */
    void store(List<Node> nodes) {
        StringBuilder text = new StringBuilder();
        for (Node node : new TreeSet<>(nodes)) {
            text.append(node.target()).append(' ').append(node.portal()).append(' ');
            text.append(node.portalGroup()).append(node.loggedIn() ? " automatic\n" : " manual\n");
        }
        try {
            Files.createDirectories(folder);
            Path made = Files.writeString(folder.resolve("nodes.new"), text);
            Files.move(made, folder.resolve("nodes"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw wrong("nodes", e.toString());
        }
    }

    /** Who we are and how we prove it. */
    InitiatorConfig initiator() {
        String name = "";
        for (String line : lines(folder.resolve("initiatorname.iscsi"))) {
            if (line.startsWith("InitiatorName=")) {
                name = line.substring("InitiatorName=".length()).strip();
            }
        }
        if (name.isEmpty()) {
            throw wrong(
                    "initiatorname.iscsi", "it has no line InitiatorName=iqn.2016-12.com.lr:me");
        }
        InitiatorConfig config = InitiatorConfig.named(name);
        Map<String, String> settings = new HashMap<>();
        for (String line : lines(folder.resolve("iscsid.conf"))) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
            }
        }
        String auth = "node.session.auth.";
        if (settings.getOrDefault(auth + "authmethod", "None").equals("CHAP")) {
            config =
                    config.withChap(
                            settings.getOrDefault(auth + "username", ""),
                            settings.getOrDefault(auth + "password", ""));
            if (settings.containsKey(auth + "username_in")) {
                config =
                        config.withChapOfTarget(
                                settings.getOrDefault(auth + "username_in", ""),
                                settings.getOrDefault(auth + "password_in", ""));
            }
        }
        return config;
    }

    private List<String> lines(Path file) {
        try {
            if (!Files.exists(file)) {
                return List.of();
            }
            if (Files.size(file) > MAX_BYTES) {
                throw wrong(file.toString(), "it is longer than " + MAX_BYTES + " bytes");
            }
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw wrong(file.toString(), e.toString());
        }
    }

    private ProblemException wrong(String file, String why) {
        return new ProblemException(
                new Problem(
                        "the initiator's settings cannot be used",
                        folder.resolve(file).toString(),
                        why,
                        "see that the file can be read and written, or give another --dir"));
    }
}
