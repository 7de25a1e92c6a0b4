package io.holdfast.api;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node keeps its things: {@code etc/holdfast}, {@code var/lib/holdfast} and {@code
 * run/holdfast} under {@code HOLDFAST_ROOT}, or under {@code /} when that is not set. A machine can
 * be many nodes: each has its own root and, by {@code HOLDFAST_NODE_NAME}, its own name.
 */
public record HoldfastPaths(Path root, NodeId node) {
    public static final String ROOT_VARIABLE = "HOLDFAST_ROOT";
    public static final String NODE_NAME_VARIABLE = "HOLDFAST_NODE_NAME";
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    public static HoldfastPaths fromEnvironment() {
        return from(System.getenv());
    }

    public static HoldfastPaths from(Map<String, String> environment) {
        Path root =
                Path.of(set(environment, ROOT_VARIABLE).orElse("/")).toAbsolutePath().normalize();
        String name = set(environment, NODE_NAME_VARIABLE).orElseGet(HoldfastPaths::kernelHostName);
        return new HoldfastPaths(root, new NodeId(name));
    }

    /** Configuration: {@code corosync.conf}, {@code authkey}, {@code drbd.conf}. */
    public Path etc() {
        return root.resolve("etc/holdfast");
    }

    /** What must outlive a restart: the configuration log, votes, metadata. */
    public Path lib() {
        return root.resolve("var/lib/holdfast");
    }

    /** What must not outlive a reboot: sockets, the lease page. */
    public Path run() {
        return root.resolve("run/holdfast");
    }

    /** {@code clusterd}'s control socket. */
    public Path clusterSocket() {
        return run().resolve("clusterd.sock");
    }

    /** {@code storaged}'s control socket. */
    public Path storageSocket() {
        return run().resolve("storaged.sock");
    }

    /** The page on which {@code clusterd} tells {@code storaged} until when it may act. */
    public Path leasePage() {
        return run().resolve("lease-page");
    }

    /**
     * An absolute path of a configuration file or of an agent's parameter, as seen under this root.
     */
    public Path resolve(String absolutePath) {
        return root.resolve(
                Path.of("/").relativize(Path.of("/").resolve(absolutePath).normalize()));
    }

    private static Optional<String> set(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }

    // The name `uname -n` prints; asking DNS for it, as InetAddress does, can block.
    private static String kernelHostName() {
        try {
            return Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "this machine's name cannot be read",
                            KERNEL_HOST_NAME.toString(),
                            String.valueOf(e.getMessage()),
                            "set " + NODE_NAME_VARIABLE + " to the node's name"),
                    e);
        }
    }
}
