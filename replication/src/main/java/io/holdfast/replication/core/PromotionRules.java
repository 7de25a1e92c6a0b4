package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import java.util.Optional;

/**
 * Who may become Primary. The cluster's word (an epoch recorded for this node) stands for "not
 * recorded as Outdated"; what the replica itself knows of its data is asked here.
 *
 * <pre>
 *  disk          may be promoted
 *  UpToDate      yes
 *  Consistent    yes: the epoch is the cluster's word that nobody went on without it
 *  Outdated      by force only
 *  Inconsistent  by force only
 *  else          no
 * </pre>
 */
final class PromotionRules {
    private PromotionRules() {}

    static Optional<Problem> refusal(
            String volume, DiskState disk, Epoch known, Epoch wanted, boolean force) {
        String what = "it cannot be promoted";
        if (wanted.compareTo(known) <= 0) {
            return Optional.of(
                    new Problem(
                            what + " under epoch " + wanted,
                            volume,
                            "epoch " + known + " is already on this replica's disk",
                            "let the cluster promote it under a higher epoch"));
        }
        return switch (disk) {
            case UP_TO_DATE, CONSISTENT -> Optional.empty();
            case OUTDATED ->
                    unlessForced(
                            force,
                            new Problem(
                                    what,
                                    volume,
                                    "its data is Outdated: another replica has newer data",
                                    "let it connect to the replica with newer data and wait for"
                                            + " the resync to end, or force the promotion and lose"
                                            + " what only that replica has"));
            case INCONSISTENT ->
                    unlessForced(
                            force,
                            new Problem(
                                    what,
                                    volume,
                                    "its data is Inconsistent: it is new, or a resync has not"
                                            + " ended",
                                    "let it connect to an UpToDate replica and wait for the resync"
                                            + " to end; if all replicas are new, declare them equal"
                                            + " (new-current-uuid --clear-bitmap)"));
            case FAILED ->
                    Optional.of(
                            new Problem(
                                    what,
                                    volume,
                                    "its disk failed",
                                    "replace the disk, make fresh metadata and take it up again"));
            default ->
                    Optional.of(
                            new Problem(
                                    what,
                                    volume,
                                    "its disk is " + disk.shown(),
                                    "take the volume up first"));
        };
    }

    private static Optional<Problem> unlessForced(boolean force, Problem problem) {
        return force ? Optional.empty() : Optional.of(problem);
    }
}
