package io.holdfast.membership.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.membership.AuthKey;
import io.holdfast.membership.MembershipConfig;
import io.holdfast.membership.codec.CorosyncConf;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster's files in a configuration folder: {@code corosync.conf} and {@code authkey}. */
public record MembershipFiles(MembershipConfig config, AuthKey key) {
    private static final long MAX_BYTES = 1 << 20;
    private static final Path HOSTS = Path.of("/etc/hosts");

    /**
     * Reads both files of {@code folder}. Nodes without names are looked up in the folder's own
     * {@code hosts} file, then in {@code /etc/hosts}.
     */
    public static MembershipFiles read(Path folder) {
        Path file = folder.resolve("corosync.conf");
        Map<String, String> names = new TreeMap<>(names(HOSTS));
        names.putAll(names(folder.resolve("hosts")));
        MembershipConfig config =
                CorosyncConf.parse(
                        text(file),
                        file.toString(),
                        address -> Optional.ofNullable(names.get(address.getHostAddress())));
        return new MembershipFiles(config, AuthKey.read(folder.resolve("authkey")));
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is longer than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the cluster's configuration cannot be read",
                            file.toString(),
                            e.toString(),
                            "copy corosync.conf from another node, or write one"),
                    e);
        }
    }

    /** First name of each address; a hosts file that is not there has none (hosts(5)). */
    private static Map<String, String> names(Path hosts) {
        Map<String, String> names = new TreeMap<>();
        if (!Files.isReadable(hosts)) {
            return names;
        }
        text(hosts)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+"))
                .filter(words -> words.length >= 2)
                .forEach(words -> put(names, words[0], words[1]));
        return names;
    }

    private static void put(Map<String, String> names, String address, String name) {
        try {
            names.putIfAbsent(InetAddress.ofLiteral(address).getHostAddress(), name);
        } catch (IllegalArgumentException e) {
            // A line of another kind; the hosts file is not ours to judge.
        }
    }
}
