package io.holdfast.membership.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Term;

/** What a voter answers; {@code number} is the request's. */
public sealed interface VoterAnswer {
    long number();

    /**
     * The proposal's term and members are stored.
     *
     * @param position the highest that the voter's log reached
     * @param remembers false from a voter that has not yet caught up with any quorate view (rule 7)
     */
    record ProposalAccepted(long number, LogPosition position, boolean remembers)
            implements VoterAnswer {}

    /**
     * Not now, or never.
     *
     * @param knownTerm the accepted term, or the higher one that is being waited for
     */
    record ProposalRejected(long number, Term knownTerm) implements VoterAnswer {}

    record LeaseGranted(long number) implements VoterAnswer {}

    record LeaseRefused(long number, Term acceptedTerm) implements VoterAnswer {}

    record PositionAnchored(long number) implements VoterAnswer {}

    record PositionRefused(long number, Term acceptedTerm) implements VoterAnswer {}
}
