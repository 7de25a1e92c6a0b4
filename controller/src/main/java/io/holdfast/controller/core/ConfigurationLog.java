package io.holdfast.controller.core;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's side of the configuration log in one term: which entries are on whose disk.
 *
 * <p>An entry is committed when every member of the view has it on disk, and members, or members
 * with the witness, make a quorum of votes (docs/adr/0002, rule 10). The witness is told last: else
 * it could know of an entry that nobody has. Entries commit in order. A new view makes a new log;
 * what was not committed is then asked for again by whoever wanted it.
 */
final class ConfigurationLog {
    /** An entry that is not committed yet, and who waits for it; null for the coordinator's own. */
    record Pending(
            LogPosition position,
            LogEntry entry,
            @Nullable Request request,
            ChangeOutcome.@Nullable Accepted outcome,
            SortedSet<NodeId> storedBy) {}

    /** Who is answered once everything up to a position is committed. */
    record Waiter(LogPosition position, Request request, ChangeOutcome.Accepted outcome) {}

    /** Who asked for a change, and under which number. */
    record Request(NodeId from, long requestId) {}

    private final Term term;
    private final SortedSet<NodeId> members;
    private final boolean needsWitness;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private LogPosition anchorAsked = LogPosition.NONE;
    private LogPosition anchored = LogPosition.NONE;
    private LogPosition committed = LogPosition.NONE;

    ConfigurationLog(Term term, SortedSet<NodeId> members, Votes votes) {
        this.term = term;
        this.members = members;
        this.needsWitness = !votes.decide(members);
    }

    /** The position that the witness is to keep next; empty when there is none, or it was asked. */
    Optional<LogPosition> toAnchor() {
        LogPosition everywhere = LogPosition.NONE;
        for (Pending entry : pending) {
            if (entry.storedBy().containsAll(members)) {
                everywhere = entry.position();
            }
        }
        if (!needsWitness || everywhere.compareTo(anchorAsked) <= 0) {
            return Optional.empty();
        }
        anchorAsked = everywhere;
        return Optional.of(everywhere);
    }

    /**
     * The witness did not answer for {@code position}: it is asked again, if that still matters.
     */
    void anchoringFailed(LogPosition position) {
        if (position.equals(anchorAsked)) {
            anchorAsked = anchored;
        }
    }

    LogPosition committed() {
        return committed;
    }

    LogPosition positionAfter(LogPosition last) {
        return new LogPosition(term, last.sequence() + 1);
    }

    void appended(
            LogPosition position,
            LogEntry entry,
            @Nullable Request request,
            ChangeOutcome.@Nullable Accepted outcome) {
        Invariant.check(
                pending.isEmpty() || pending.getLast().position().compareTo(position) < 0,
                "entry %s appended out of order",
                position);
        pending.add(new Pending(position, entry, request, outcome, new TreeSet<>()));
    }

    /**
     * A change that changes nothing, for what it wants is in the log already: it is answered when
     * that is committed. Until then it may yet be lost, and whoever was told that it is so would
     * act on it.
     */
    void answerWhenCommitted(
            LogPosition position, Request request, ChangeOutcome.Accepted outcome) {
        waiters.add(new Waiter(position, request, outcome));
    }

    /** Who can be answered now; each is told once. */
    List<Waiter> answerable() {
        List<Waiter> now = new ArrayList<>();
        while (!waiters.isEmpty() && waiters.getFirst().position().compareTo(committed) <= 0) {
            now.add(waiters.removeFirst());
        }
        return now;
    }

    /** {@code node} has everything up to {@code position}; returns what that commits, in order. */
    List<Pending> storedBy(NodeId node, LogPosition position) {
        for (Pending entry : pending) {
            if (entry.position().compareTo(position) <= 0) {
                entry.storedBy().add(node);
            }
        }
        return commit();
    }

    /** The witness keeps {@code position}; returns what that commits, in order. */
    List<Pending> anchored(LogPosition position) {
        if (position.compareTo(anchored) > 0) {
            anchored = position;
        }
        return commit();
    }

    private List<Pending> commit() {
        List<Pending> done = new ArrayList<>();
        while (!pending.isEmpty() && isCommitted(pending.getFirst())) {
            Pending entry = pending.removeFirst();
            committed = entry.position();
            done.add(entry);
        }
        return done;
    }

    private boolean isCommitted(Pending entry) {
        return entry.storedBy().containsAll(members)
                && (!needsWitness || anchored.compareTo(entry.position()) >= 0);
    }
}
