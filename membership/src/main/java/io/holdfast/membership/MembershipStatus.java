package io.holdfast.membership;

import java.util.List;
import java.util.Optional;

/**
 * A moment's picture of membership for status commands.
 *
 * @param leaseRemainingMillis how long this node may still act; 0 when it may not
 * @param votesPresent votes heard of now, the witness's included
 * @param witnessUp empty when no witness is configured
 */
public record MembershipStatus(
        ClusterView view,
        List<LinkStatus> links,
        int votesExpected,
        int votesPresent,
        int quorum,
        Optional<Boolean> witnessUp,
        long leaseRemainingMillis) {}
