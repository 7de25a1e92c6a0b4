package io.holdfast.membership.driver;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.membership.MembershipConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which node of a configuration this host is. */
public final class LocalNode {
    private LocalNode() {}

    /**
     * By the addresses of this host's interfaces.
     *
     * @throws ProblemException when none or more than one node has any of them
     */
    public static NodeId find(MembershipConfig config) {
        Set<InetAddress> local = localAddresses();
        List<NodeId> here =
                config.nodes().stream()
                        .filter(
                                node ->
                                        node.addresses().values().stream()
                                                .anyMatch(a -> local.contains(a.getAddress())))
                        .map(MembershipConfig.Node::name)
                        .toList();
        if (here.size() == 1) {
            return here.getFirst();
        }
        throw new ProblemException(
                new Problem(
                        here.isEmpty() ? "this host is no node" : "this host is several nodes",
                        "corosync.conf",
                        "nodes with an address of this host: "
                                + here
                                + "; its addresses: "
                                + local.stream()
                                        .map(InetAddress::getHostAddress)
                                        .sorted()
                                        .collect(Collectors.joining(" ")),
                        "compare them with ip addr, bring the interfaces up, correct the file"));
    }

    static MembershipConfig.Node named(MembershipConfig config, NodeId name) {
        return config.node(name)
                .orElseThrow(
                        () ->
                                new ProblemException(
                                        new Problem(
                                                "there is no such node",
                                                name.name(),
                                                "corosync.conf names "
                                                        + config.nodes().stream()
                                                                .map(node -> node.name().name())
                                                                .collect(Collectors.joining(" ")),
                                                "use one of these")));
    }

    private static Set<InetAddress> localAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            throw new ProblemException(
                    new Problem(
                            "this host's addresses cannot be listed",
                            "network interfaces",
                            e.toString(),
                            "name the node on the command line"),
                    e);
        }
    }
}
