package io.holdfast.membership;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What corosync.conf says, as far as it is obeyed.
 *
 * @param clusterName {@code totem.cluster_name}; "holdfast" when there is none
 * @param nodes in the order of the file; 1 to {@value #MAX_NODES}
 * @param witness the quorum device, if any
 * @param waitForAll whether nothing is decided until all nodes were seen once
 * @param heartbeatMillis between two heartbeats on a link
 * @param suspicionMillis a node that is silent on every link for so long is gone
 * @param renewalMillis between two lease requests
 * @param leaseMillis D of docs/adr/0002
 * @param warnings what was not understood, is not obeyed, or is not safe
 */
public record MembershipConfig(
        String clusterName,
        List<Node> nodes,
        Optional<Witness> witness,
        boolean waitForAll,
        int heartbeatMillis,
        int suspicionMillis,
        int renewalMillis,
        int leaseMillis,
        List<Problem> warnings) {
    public static final int MAX_NODES = 32;

    public MembershipConfig {
        nodes = List.copyOf(nodes);
        warnings = List.copyOf(warnings);
    }

    /**
     * A voter that runs resources.
     *
     * @param nodeId its number; 1, 2, … in the order of the file when none is given
     * @param addresses by ring number, each with that ring's UDP port
     */
    public record Node(
            NodeId name, int nodeId, int votes, SortedMap<Integer, InetSocketAddress> addresses) {
        public Node {
            addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
        }
    }

    /**
     * A voter that keeps no data.
     *
     * @param addresses where it can be reached, one for each network it is on
     */
    public record Witness(List<InetSocketAddress> addresses, int votes) {
        public Witness {
            addresses = List.copyOf(addresses);
        }
    }

    public Optional<Node> node(NodeId name) {
        return nodes.stream().filter(n -> n.name().equals(name)).findFirst();
    }

    /** All votes, the witness's included. */
    public int expectedVotes() {
        return nodes.stream().mapToInt(Node::votes).sum() + witness.map(Witness::votes).orElse(0);
    }

    /** Half of the votes, rounded down, plus one. */
    public int quorum() {
        return expectedVotes() / 2 + 1;
    }
}
