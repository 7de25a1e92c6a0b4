package io.holdfast.membership.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.Announcement;
import io.holdfast.membership.core.NodeSets;
import io.holdfast.membership.simulation.Packet.Entry;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What must hold at every moment, judged from outside with true time.
 *
 * <ol>
 *   <li>No two nodes act under leases of terms that exclude each other. A lease acts until its end
 *       even if its node's membership crashed or is paused: the data path reads it from a page.
 *   <li>A view that leaves a node out is not announced before that node's lease is over.
 *   <li>A term has one announcement.
 *   <li>A voter never answers for a lower term than it once accepted, also after a crash (but with
 *       a new disk).
 *   <li>A quorate view knows of every entry acknowledged under lower terms, and its holder has them
 *       all. (A node that was paused may learn late that its term had been quorate, when a higher
 *       one is long at work; nobody grants it a lease or confirms its entries any more.)
 *   <li>Of two acknowledged logs one begins with the other.
 * </ol>
 */
final class SafetyRules {
    private record Lease(NodeId node, Term term, SortedSet<NodeId> members, long untilTrueNanos) {}

    private final Simulation simulation;
    private final List<Lease> leases = new ArrayList<>();
    private final Map<Term, Announcement> announcements = new TreeMap<>();
    private final Map<NodeId, Term> acceptedTerms = new TreeMap<>();

    /**
     * The longest acknowledged log, and for each of its entries the lowest term it was so under.
     */
    private final List<Entry> acknowledged = new ArrayList<>();

    private final List<Term> acknowledgedUnder = new ArrayList<>();

    SafetyRules(Simulation simulation) {
        this.simulation = simulation;
    }

    void leaseExtended(SimulatedNode node, Term term, long untilLocalNanos) {
        Announcement announcement = announcements.get(term);
        SortedSet<NodeId> members = announcement == null ? NodeSets.NONE : announcement.members();
        long untilTrue = node.trueTimeOf(untilLocalNanos);
        leases.removeIf(lease -> lease.node.equals(node.id()) && lease.term.equals(term));
        leases.add(new Lease(node.id(), term, members, untilTrue));
    }

    void announced(Announcement announcement, List<Entry> logOfHolder) {
        Announcement other = announcements.putIfAbsent(announcement.term(), announcement);
        if (announcement.equals(other)) {
            return; // for those who missed it
        }
        Invariant.check(
                other == null, "term %s was announced twice: %s", announcement.term(), other);
        for (Lease lease : leases) {
            Invariant.check(
                    !isRunning(lease)
                            || lease.term.compareTo(announcement.term()) > 0
                            || announcement.members().contains(lease.node),
                    "%s is announced while %s may still act",
                    announcement,
                    lease);
        }
        List<Entry> toKnow = acknowledgedBelow(announcement.term());
        LogPosition lastToKnow = toKnow.isEmpty() ? LogPosition.NONE : toKnow.getLast().position();
        Invariant.check(
                announcement.latest().compareTo(lastToKnow) >= 0,
                "%s does not know of the acknowledged %s",
                announcement,
                lastToKnow);
        Invariant.check(
                announcement.latestHolder().isEmpty() || beginsWith(logOfHolder, toKnow),
                "%s names a holder without the acknowledged entries: %s, acknowledged: %s",
                announcement,
                logOfHolder,
                toKnow);
    }

    void accepted(NodeId voter, Term term) {
        Term before = acceptedTerms.getOrDefault(voter, Term.NONE);
        Invariant.check(
                term.compareTo(before) >= 0, "%s accepted %s after %s", voter, term, before);
        acceptedTerms.put(voter, term);
    }

    /** A voter booted with this term on its disk. */
    void remembered(NodeId voter, Term term) {
        accepted(voter, term);
    }

    /** The voter got an empty disk. */
    void diskReplaced(NodeId voter) {
        acceptedTerms.remove(voter);
    }

    /** The log's entries are acknowledged, through the last one, under the view of a term. */
    void acknowledged(Term viewTerm, List<Entry> log) {
        Invariant.check(
                beginsWith(log, acknowledged) || beginsWith(acknowledged, log),
                "%s is acknowledged, and so is %s",
                log,
                acknowledged);
        for (int i = 0; i < log.size(); i++) {
            if (i == acknowledged.size()) {
                acknowledged.add(log.get(i));
                acknowledgedUnder.add(viewTerm);
            } else if (viewTerm.compareTo(acknowledgedUnder.get(i)) < 0) {
                acknowledgedUnder.set(i, viewTerm);
            }
        }
    }

    int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Checks the leases against each other and forgets those that are long over. */
    void check() {
        leases.removeIf(lease -> !isRunning(lease));
        for (Lease older : leases) {
            for (Lease newer : leases) {
                Invariant.check(
                        older.term.compareTo(newer.term) >= 0 || newer.members.contains(older.node),
                        "both may act: %s and %s",
                        older,
                        newer);
            }
        }
    }

    boolean mayAct(NodeId node, Term term) {
        return leases.stream()
                .anyMatch(
                        lease ->
                                lease.node.equals(node)
                                        && lease.term.equals(term)
                                        && isRunning(lease));
    }

    private boolean isRunning(Lease lease) {
        return simulation.nowNanos() < lease.untilTrueNanos;
    }

    private List<Entry> acknowledgedBelow(Term term) {
        int count = 0;
        while (count < acknowledged.size() && acknowledgedUnder.get(count).compareTo(term) < 0) {
            count++;
        }
        return acknowledged.subList(0, count);
    }

    private static boolean beginsWith(List<Entry> log, List<Entry> beginning) {
        return log.size() >= beginning.size() && log.subList(0, beginning.size()).equals(beginning);
    }
}
