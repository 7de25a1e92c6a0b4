package io.holdfast.membership.simulation;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Term;
import io.holdfast.membership.core.Announcement;
import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterRequest;
import java.util.List;

/** What travels between simulated members and the witness. */
sealed interface Packet {
    /** An entry of the simulated configuration log; {@code id} stands for its content. */
    record Entry(LogPosition position, long id) {
        @Override
        public String toString() {
            return position + "#" + id;
        }
    }

    record Heartbeat(long incarnation) implements Packet {}

    record Request(VoterRequest request) implements Packet {}

    record Answer(VoterAnswer answer) implements Packet {}

    record Announced(Announcement announcement) implements Packet {}

    /** The coordinator's log under the view of a term, to be written by each member. */
    record Replicate(Term viewTerm, List<Entry> log) implements Packet {
        @Override
        public String toString() {
            return "Replicate[" + viewTerm + ", " + log.size() + " entries]";
        }
    }

    record Confirm(Term viewTerm, LogPosition position) implements Packet {}

    record Fetch(Term viewTerm) implements Packet {}

    record Fetched(Term viewTerm, List<Entry> log) implements Packet {
        @Override
        public String toString() {
            return "Fetched[" + viewTerm + ", " + log.size() + " entries]";
        }
    }
}
