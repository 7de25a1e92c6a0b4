package io.holdfast.membership.core;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Whom group communication takes to be here: a guess that other nodes may not share.
 *
 * @param memberVotes the members with their votes
 * @param coordinator the member that proposes the term of this view
 */
public record GroupView(SortedMap<NodeId, Integer> memberVotes, NodeId coordinator) {
    public GroupView {
        memberVotes = Collections.unmodifiableSortedMap(new TreeMap<>(memberVotes));
        Invariant.check(
                memberVotes.containsKey(coordinator),
                "coordinator %s is not among the members %s",
                coordinator,
                memberVotes);
    }

    public SortedSet<NodeId> members() {
        return NodeSets.copyOf(memberVotes.keySet());
    }
}
