package io.holdfast.controller.core;

import static io.holdfast.controller.core.TestCluster.A;
import static io.holdfast.controller.core.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigurationLogTest {
    private static final Term TERM = new Term(1);

    private static LogPosition at(long sequence) {
        return new LogPosition(TERM, sequence);
    }

    private static ConfigurationLog log(Votes votes, NodeId... members) {
        ConfigurationLog log = new ConfigurationLog(TERM, new TreeSet<>(List.of(members)), votes);
        append(log, 1);
        return log;
    }

    private static void append(ConfigurationLog log, long sequence) {
        LogEntry entry = new LogEntry.TermInstalled(TERM, new TreeSet<>(List.of(A)));
        log.appended(at(sequence), entry, null, null);
    }

    private static Votes votes(int a, int b, int quorum) {
        return new Votes(new TreeMap<>(Map.of(A, a, B, b)), quorum);
    }

    @Test
    void aNodeWithAQuorumOfVotesNeedsNoWitness() {
        ConfigurationLog log = log(votes(2, 1, 2), A);

        assertThat(log.storedBy(A, at(1))).hasSize(1);
        assertThat(log.toAnchor()).isEmpty();
    }

    @Test
    void twoNodesWithoutAQuorumOfVotesNeedTheWitness() {
        // Two nodes of one vote each and a witness of three: a quorum is three.
        ConfigurationLog log = log(votes(1, 1, 3), A, B);
        assertThat(log.storedBy(A, at(1))).isEmpty();
        assertThat(log.toAnchor()).isEmpty();

        assertThat(log.storedBy(B, at(1))).isEmpty();

        assertThat(log.toAnchor()).contains(at(1));
        assertThat(log.anchored(at(1))).hasSize(1);
    }

    @Test
    void whatTheWitnessDidNotKeepIsAskedAgain() {
        ConfigurationLog log = log(votes(1, 1, 2), A);
        assertThat(log.storedBy(A, at(1))).isEmpty();
        assertThat(log.toAnchor()).contains(at(1));
        assertThat(log.toAnchor()).isEmpty();

        log.anchoringFailed(at(1));

        assertThat(log.toAnchor()).contains(at(1));
    }

    @Test
    void aFailureOfWhatIsNotAskedAnyMoreAsksForNothing() {
        ConfigurationLog log = log(votes(1, 1, 2), A);
        append(log, 2);
        assertThat(log.storedBy(A, at(1))).isEmpty();
        assertThat(log.toAnchor()).contains(at(1));
        assertThat(log.storedBy(A, at(2))).isEmpty();
        assertThat(log.toAnchor()).contains(at(2));

        log.anchoringFailed(at(1));

        assertThat(log.toAnchor()).isEmpty();
    }
}
