package io.holdfast.membership.core;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Whose votes count, and how many make a quorum.
 *
 * @param nodes how many nodes the configuration has
 * @param nodeVotes their votes together
 * @param witnessVotes 0 without a witness
 * @param quorum more than half of all votes, so that any two quorums share a voter
 * @param waitForAll whether a node proposes nothing until it once saw all nodes (votequorum's
 *     wait_for_all)
 */
public record Electorate(
        int nodes, int nodeVotes, int witnessVotes, int quorum, boolean waitForAll) {
    /** The witness's name as a voter; no node may be called so. */
    public static final NodeId WITNESS = new NodeId("witness");

    public Electorate {
        Invariant.check(
                quorum > (nodeVotes + witnessVotes) / 2,
                "a quorum of %d of %d votes is no majority",
                quorum,
                nodeVotes + witnessVotes);
    }

    /** Half of the votes, rounded down, plus one. */
    public static Electorate of(int nodes, int nodeVotes, int witnessVotes, boolean waitForAll) {
        int quorum = (nodeVotes + witnessVotes) / 2 + 1;
        return new Electorate(nodes, nodeVotes, witnessVotes, quorum, waitForAll);
    }

    public int expectedVotes() {
        return nodeVotes + witnessVotes;
    }

    public Optional<NodeId> witness() {
        return witnessVotes > 0 ? Optional.of(WITNESS) : Optional.empty();
    }

    /** The votes of one voter in a view; members bring theirs, the witness has its own. */
    int votesOf(NodeId voter, SortedMap<NodeId, Integer> memberVotes) {
        return voter.equals(WITNESS) ? witnessVotes : memberVotes.getOrDefault(voter, 0);
    }

    /** Whether these members could be quorate with everything else going well. */
    boolean couldBeQuorate(GroupView group) {
        int votes = witnessVotes;
        for (int ofMember : group.memberVotes().values()) {
            votes += ofMember;
        }
        return votes >= quorum;
    }
}
