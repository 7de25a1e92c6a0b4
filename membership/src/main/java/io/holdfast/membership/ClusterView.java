package io.holdfast.membership;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Who is here, and whether they may decide.
 *
 * @param term of this view when quorate; else the highest term this node accepted
 * @param members the nodes that hear each other, this one included
 * @param coordinator the member that decides for this view
 * @param quorate whether a quorum of votes accepted {@code term} for exactly these members
 * @param latest the highest position among the voters that accepted; only meaningful when quorate
 * @param latestHolder the member that has {@code latest}; empty when only the witness knows of it
 */
public record ClusterView(
        Term term,
        SortedSet<NodeId> members,
        NodeId coordinator,
        boolean quorate,
        LogPosition latest,
        Optional<NodeId> latestHolder) {}
