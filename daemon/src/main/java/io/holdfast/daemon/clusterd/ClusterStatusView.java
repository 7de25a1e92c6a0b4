package io.holdfast.daemon.clusterd;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import io.holdfast.controller.driver.Controller;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.LinkStatus;
import io.holdfast.membership.Membership;
import io.holdfast.membership.MembershipStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What clusterd answers to a status query, put together from all who know. */
final class ClusterStatusView {
    private final String clusterName;
    private final Membership membership;
    private final @Nullable NodeId witness;
    private final SortedSet<NodeId> configuredNodes;
    private final Controller controller;
    private final ControlClient storaged;
    private final Supplier<List<Problem>> warnings;

    ClusterStatusView(
            String clusterName,
            Membership membership,
            @Nullable NodeId witness,
            SortedSet<NodeId> configuredNodes,
            Controller controller,
            ControlClient storaged,
            Supplier<List<Problem>> warnings) {
        this.clusterName = clusterName;
        this.membership = membership;
        this.witness = witness;
        this.configuredNodes = configuredNodes;
        this.controller = controller;
        this.storaged = storaged;
        this.warnings = warnings;
    }

    ClusterStatus now() {
        MembershipStatus members = membership.status();
        Cib cib = controller.cib();
        ResourceViews resources = new ResourceViews(cib);
        ClusterView view = members.view();
        return new ClusterStatus(
                clusterName,
                membership.self(),
                new ClusterStatus.View(
                        view.term(),
                        List.copyOf(view.members()),
                        view.coordinator(),
                        view.quorate(),
                        members.votesExpected(),
                        members.votesPresent(),
                        members.quorum()),
                witness == null
                        ? null
                        : new ClusterStatus.Witness(witness, members.witnessUp().orElse(false)),
                members.links().stream().map(ClusterStatusView::link).toList(),
                members.leaseRemainingMillis(),
                nodes(cib, view),
                resources.all(),
                resources.failed(),
                volumes(),
                addresses(cib, resources),
                warnings.get(),
                cib.version().toString(),
                controller.state().position(),
                null);
    }

    private static ClusterStatus.Link link(LinkStatus link) {
        return new ClusterStatus.Link(link.ring(), link.peer(), "", link.address(), link.up());
    }

    private List<ClusterStatus.Node> nodes(Cib cib, ClusterView view) {
        SortedSet<NodeId> known = new TreeSet<>(configuredNodes);
        for (Element node : cib.nodes().children("node")) {
            known.add(new NodeId(node.attribute("uname", node.id())));
        }
        List<ClusterStatus.Node> nodes = new ArrayList<>();
        for (NodeId node : known) {
            nodes.add(
                    new ClusterStatus.Node(
                            node,
                            1,
                            state(cib, view, node),
                            isOn(cib, node, "standby"),
                            isOn(cib, node, "maintenance")));
        }
        return nodes;
    }

    private static ClusterStatus.NodeState state(Cib cib, ClusterView view, NodeId node) {
        if (!view.members().contains(node)) {
            return ClusterStatus.NodeState.OFFLINE;
        }
        boolean reported =
                cib.status().children("node_state").stream()
                        .filter(s -> node.name().equals(s.attribute("uname")))
                        .anyMatch(s -> "member".equals(s.attribute("join")));
        return reported ? ClusterStatus.NodeState.ONLINE : ClusterStatus.NodeState.PENDING;
    }

    private static boolean isOn(Cib cib, NodeId node, String attribute) {
        return cib.nodes().children("node").stream()
                .filter(n -> node.name().equals(n.attribute("uname")))
                .flatMap(n -> n.children("instance_attributes").stream())
                .flatMap(set -> set.children("nvpair").stream())
                .filter(pair -> attribute.equals(pair.attribute("name")))
                .map(pair -> pair.attribute("value", ""))
                .anyMatch(value -> value.equals("on") || value.equals("true"));
    }

    private List<VolumeStatus> volumes() {
        try {
            return storaged.ask(new StorageRequest.StorageStatusQuery()).volumes();
        } catch (ProblemException e) {
            return List.of(); // storaged is not there; its monitors say so.
        }
    }

    private static List<ClusterStatus.FloatingAddress> addresses(Cib cib, ResourceViews resources) {
        return cib.resources().stream()
                .filter(e -> e.is("primitive") && e.attribute("type", "").startsWith("IPaddr"))
                .map(
                        address ->
                                new ClusterStatus.FloatingAddress(
                                        address.id(),
                                        parameter(address, "ip", "?"),
                                        prefix(parameter(address, "cidr_netmask", "32")),
                                        parameterOrNull(address, "nic"),
                                        resources.activeNode(address.id())))
                .toList();
    }

    private static int prefix(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    }

    private static String parameter(Element primitive, String name, String otherwise) {
        String value = parameterOrNull(primitive, name);
        return value == null ? otherwise : value;
    }

    private static @Nullable String parameterOrNull(Element primitive, String name) {
        for (Element set : primitive.children("instance_attributes")) {
            for (Element pair : set.children("nvpair")) {
                if (name.equals(pair.attribute("name"))) {
                    return pair.attribute("value");
                }
            }
        }
        return null;
    }
}
