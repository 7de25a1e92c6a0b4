package io.holdfast.controller.core;

import static io.holdfast.controller.core.TestCluster.A;
import static io.holdfast.controller.core.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Problem;
import io.holdfast.cib.status.OperationStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no lease gates: told when it is configured, started again when a node had to stop it. */
class LeaseEndTest {
    private static final String SERVER =
            "primitive server ocf:heartbeat:nginx op monitor interval=10s";
    private static final String ADDRESS =
            "primitive address ocf:heartbeat:IPaddr2 params ip=10.0.0.9 op monitor interval=10s";
    private static final String OPTIONS = "property stonith-enabled=false";

    private final TestCluster cluster = new TestCluster();

    @BeforeEach
    void twoNodesInOneView() {
        cluster.boot(A);
        cluster.boot(B);
        cluster.view(A, B);
    }

    private ChangeOutcome.Accepted load(String text) {
        long request =
                cluster.ask(
                        A,
                        new Change.LoadConfiguration("crm", "update", text + "\n" + OPTIONS, null));
        return (ChangeOutcome.Accepted) cluster.outcomes.get(request);
    }

    private OperationOrder startOfServer() {
        load(SERVER);
        while (cluster.ordered.stream().noneMatch(o -> o.order().task().equals("start"))) {
            TestCluster.Ordered probe = cluster.ordered.removeFirst();
            cluster.ended(probe.node(), probe.order(), "monitor", OperationStatus.DONE, 7);
        }
        return cluster.ordered.removeFirst().order();
    }

    @Test
    void aProgramThatNothingFencesIsToldWhenItIsLoaded() {
        assertThat(load(SERVER).warnings())
                .filteredOn(problem -> problem.object().equals("server"))
                .extracting(Problem::why)
                .first()
                .asString()
                .contains("another node runs them too");
    }

    @Test
    void aResourceThatTheLeaseGatesIsNotWarnedOf() {
        assertThat(load(ADDRESS).warnings()).extracting(Problem::object).doesNotContain("address");
    }

    @Test
    void whatANodeStoppedForWantOfALeaseIsStartedAgain() {
        OperationOrder start = startOfServer();
        cluster.ended(A, start, "start", OperationStatus.DONE, 0);
        cluster.performAll();

        cluster.ended(A, start, "stop", OperationStatus.DONE, 0);

        assertThat(cluster.ordered).extracting(Object::toString).contains("server start on a");
    }

    @Test
    void aStartThatTheEndOfTheLeaseBrokeOffIsTriedAgainAndNotCounted() {
        OperationOrder start = startOfServer();

        cluster.ended(A, start, "start", OperationStatus.CANCELLED, 1);

        assertThat(cluster.ordered).extracting(Object::toString).contains("server start on a");
        assertThat(cluster.shown.get(A).toXml()).doesNotContain("fail-count");
    }

    @Test
    void aStartThatFailedWithoutALeaseIsTriedAgainOnTheSameNode() {
        OperationOrder start = startOfServer();

        cluster.failedWithoutLease(A, start);
        OperationOrder stop = cluster.ordered.removeFirst().order();
        assertThat(stop.task()).isEqualTo("stop");
        cluster.ended(A, stop, "stop", OperationStatus.DONE, 0);

        assertThat(cluster.ordered).extracting(Object::toString).contains("server start on a");
        assertThat(cluster.shown.get(A).toXml()).doesNotContain("fail-count");
    }

    @Test
    void aStartThatFailedUnderTheLeaseIsTriedElsewhere() {
        OperationOrder start = startOfServer();

        cluster.ended(A, start, "start", OperationStatus.DONE, 1);
        OperationOrder stop = cluster.ordered.removeFirst().order();
        cluster.ended(A, stop, "stop", OperationStatus.DONE, 0);

        assertThat(cluster.ordered).extracting(Object::toString).contains("server start on b");
    }
}
