package io.holdfast.replication.core;

import io.holdfast.replication.core.SplitBrainPolicies.WithOnePrimary;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whose changes are thrown away after a split brain. Both sides evaluate it and come to mirrored
 * decisions; without an order or a policy nobody's are.
 *
 * <pre>
 *  who said so                              victim
 *  one side: connect --discard-my-data      that side, unless it is Primary
 *  both have the same policies, no Primary  as after-sb-0pri says
 *  both have the same policies, one         the Secondary, as after-sb-1pri says
 *  else                                     nobody: they stay apart
 * </pre>
 */
final class SplitBrainRules {
    private SplitBrainRules() {}

    /** What the maker of the first report does. */
    static SyncDecision decide(ReplicaReport own, ReplicaReport peer) {
        ReplicaReport victim = victim(own, peer);
        if (victim == null || victim.isPrimary()) {
            return SyncDecision.SPLIT_BRAIN;
        }
        // Both bitmaps tell all that changed since the two were equal; else nobody knows.
        boolean sinceTheSame =
                own.bitmapGeneration() != 0 && own.bitmapGeneration() == peer.bitmapGeneration();
        if (victim.equals(own)) {
            return sinceTheSame ? SyncDecision.TARGET_AFTER_SPLIT : SyncDecision.TARGET_FULL;
        }
        return sinceTheSame ? SyncDecision.SOURCE_AFTER_SPLIT : SyncDecision.SOURCE_FULL;
    }

    private static @Nullable ReplicaReport victim(ReplicaReport own, ReplicaReport peer) {
        if (own.discardsOwn() != peer.discardsOwn()) {
            return own.discardsOwn() ? own : peer;
        }
        if (!own.policies().equals(peer.policies()) || (own.isPrimary() && peer.isPrimary())) {
            return null;
        }
        if (!own.isPrimary() && !peer.isPrimary()) {
            return victimWithoutPrimary(own, peer);
        }
        ReplicaReport secondary = own.isPrimary() ? peer : own;
        WithOnePrimary policy = own.policies().withOnePrimary();
        boolean discarded =
                switch (policy) {
                    case DISCONNECT -> false;
                    case CONSENSUS -> secondary.equals(victimWithoutPrimary(own, peer));
                    case DISCARD_SECONDARY -> true;
                };
        return discarded ? secondary : null;
    }

    private static @Nullable ReplicaReport victimWithoutPrimary(
            ReplicaReport own, ReplicaReport peer) {
        return switch (own.policies().withoutPrimary()) {
            case DISCONNECT -> null;
            case DISCARD_YOUNGER_PRIMARY -> lower(peer, own, r -> -r.epoch().number());
            case DISCARD_OLDER_PRIMARY -> lower(own, peer, r -> r.epoch().number());
            case DISCARD_ZERO_CHANGES -> {
                ReplicaReport least = lower(own, peer, ReplicaReport::dirtyBlocks);
                yield least != null && least.dirtyBlocks() == 0 ? least : null;
            }
            case DISCARD_LEAST_CHANGES -> lower(own, peer, ReplicaReport::dirtyBlocks);
        };
    }

    /** Null when they are equal. */
    private static @Nullable ReplicaReport lower(
            ReplicaReport one, ReplicaReport other, ToLongFunction<ReplicaReport> value) {
        int order = Long.compare(value.applyAsLong(one), value.applyAsLong(other));
        return order == 0 ? null : order < 0 ? one : other;
    }
}
