package io.holdfast.membership.core;

import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.VoterRequest.LeaseRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node's lease: asks every voter of its quorate view again and again, and counts until when a
 * quorum of votes has promised.
 *
 * <p>A promise counts from the moment its request was <em>sent</em>, by this node's clock, and 2 %
 * short: so it ends here before it ends at the voter, whatever the network and the two clocks did.
 */
final class LeaseHolder {
    private record Tenure(Term term, SortedMap<NodeId, Integer> votes) {}

    /** Requests older than this many are not waited for any more. */
    private static final int REQUESTS_REMEMBERED = 8;

    private final NodeId self;
    private final Timing timing;
    private final int quorum;
    private final TreeMap<Long, Long> sentAtNanos = new TreeMap<>();
    private final SortedMap<NodeId, Long> promisedSinceNanos = new TreeMap<>();
    private @Nullable Tenure tenure;
    private long nextRequestNanos;
    private long untilNanos = Long.MIN_VALUE;

    LeaseHolder(NodeId self, Timing timing, int quorum) {
        this.self = self;
        this.timing = timing;
        this.quorum = quorum;
    }

    /**
     * From now on leases of this term are asked for; a running one of an older term runs on.
     *
     * @param votes the voters to ask, with their votes
     */
    void enter(Term term, SortedMap<NodeId, Integer> votes, long nowNanos) {
        tenure = new Tenure(term, votes);
        sentAtNanos.clear();
        promisedSinceNanos.clear();
        nextRequestNanos = nowNanos;
    }

    OptionalLong wakeAtNanos() {
        return tenure == null ? OptionalLong.empty() : OptionalLong.of(nextRequestNanos);
    }

    /** Until when this node may act; in the past when it may not. */
    long untilNanos() {
        return untilNanos;
    }

    /** The next round of requests, when it is time for one. */
    List<MemberEffect> timePassed(long nowNanos, long requestNumber) {
        if (tenure == null || nowNanos < nextRequestNanos) {
            return List.of();
        }
        nextRequestNanos = nowNanos + timing.renewalNanos();
        sentAtNanos.put(requestNumber, nowNanos);
        if (sentAtNanos.size() > REQUESTS_REMEMBERED) {
            sentAtNanos.pollFirstEntry();
        }
        LeaseRequest request =
                new LeaseRequest(requestNumber, self, tenure.term, timing.leaseNanos());
        List<MemberEffect> effects = new ArrayList<>();
        for (NodeId voter : tenure.votes.keySet()) {
            effects.add(new MemberEffect.SendRequest(voter, request));
        }
        return effects;
    }

    /** A voter promised. */
    List<MemberEffect> granted(NodeId voter, long requestNumber) {
        Long sent = sentAtNanos.get(requestNumber);
        if (tenure == null || sent == null || !tenure.votes.containsKey(voter)) {
            return List.of();
        }
        promisedSinceNanos.merge(voter, sent, Long::max);
        return extendBy(tenure);
    }

    private List<MemberEffect> extendBy(Tenure current) {
        OptionalLong since = quorumPromisedSince(current);
        if (since.isEmpty()) {
            return List.of();
        }
        long until = since.getAsLong() + timing.usableLeaseNanos();
        if (until <= untilNanos) {
            return List.of();
        }
        untilNanos = until;
        return List.of(new MemberEffect.ExtendLease(current.term, until));
    }

    /** The latest moment since which voters with a quorum of votes have all promised. */
    private OptionalLong quorumPromisedSince(Tenure current) {
        List<Map.Entry<NodeId, Long>> latestFirst =
                promisedSinceNanos.entrySet().stream()
                        .sorted(
                                Map.Entry.<NodeId, Long>comparingByValue(Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .toList();
        int votes = 0;
        for (Map.Entry<NodeId, Long> promise : latestFirst) {
            votes += current.votes.getOrDefault(promise.getKey(), 0);
            if (votes >= quorum) {
                return OptionalLong.of(promise.getValue());
            }
        }
        return OptionalLong.empty();
    }
}
