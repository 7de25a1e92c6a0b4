package io.holdfast.membership.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What the coordinator tells the members once their view is quorate.
 *
 * @param latest the highest position among the counted answers
 * @param latestHolder the member that has it; empty when only the witness knows of it
 */
public record Announcement(
        Term term,
        SortedSet<NodeId> members,
        NodeId coordinator,
        LogPosition latest,
        Optional<NodeId> latestHolder) {
    public Announcement {
        members = NodeSets.copyOf(members);
    }
}
