package io.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.scheduler.explain.Explain;
import io.holdfast.scheduler.explain.Explanation;
import io.holdfast.scheduler.explain.ExplanationText;
import io.holdfast.scheduler.model.Cluster;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two storages on two servers, each a mirrored volume with addresses and a target on top, each
 * preferring a server of its own.
 */
final class TwoStoragesTest {
    private static final String CONFIGURATION =
            """
            node server1
            node server2
            primitive VOLUME_1 ocf:linbit:drbd params drbd_resource=one \\
                op monitor interval=29 role=Master op monitor interval=31 role=Slave
            primitive VOLUME_2 ocf:linbit:drbd params drbd_resource=two \\
                op monitor interval=29 role=Master op monitor interval=31 role=Slave
            primitive IP_1 ocf:heartbeat:IPaddr2 params ip=10.1.24.10 op monitor interval=10s
            primitive IP_2 ocf:heartbeat:IPaddr2 params ip=10.1.24.20 op monitor interval=10s
            primitive TARGET_1 ocf:heartbeat:SCSTTarget params iqn=one op monitor interval=10s
            primitive TARGET_2 ocf:heartbeat:SCSTTarget params iqn=two op monitor interval=10s
            group SERVICE_1 IP_1 TARGET_1
            group SERVICE_2 IP_2 TARGET_2
            ms MS_1 VOLUME_1 meta master-max=1 master-node-max=1 clone-max=2 clone-node-max=1 \\
                notify=true target-role=Master
            ms MS_2 VOLUME_2 meta master-max=1 master-node-max=1 clone-max=2 clone-node-max=1 \\
                notify=true target-role=Master
            location PREFER-1 MS_1 50: server1
            location PREFER-2 MS_2 50: server2
            colocation WITH_1 inf: SERVICE_1 MS_1:Master
            colocation WITH_2 inf: SERVICE_2 MS_2:Master
            order AFTER_1 inf: MS_1:promote SERVICE_1:start
            order AFTER_2 inf: MS_2:promote SERVICE_2:start
            property stonith-enabled=false no-quorum-policy=ignore
            rsc_defaults resource-stickiness=100
            """;

    private final PlayedCluster cluster = PlayedCluster.of(CONFIGURATION, "server1", "server2");

    @BeforeEach
    void bothVolumesAreMirrored() {
        cluster.settle();
        mirrored("server1");
        mirrored("server2");
        cluster.settle();
    }

    @Test
    void eachStorageStartsWhereItIsPreferred() {
        assertThat(cluster.activeOn("server1"))
                .containsExactly("IP_1", "TARGET_1", "VOLUME_1 promoted", "VOLUME_2");
        assertThat(cluster.activeOn("server2"))
                .containsExactly("IP_2", "TARGET_2", "VOLUME_1", "VOLUME_2 promoted");
    }

    @Test
    void theServiceStartsAfterThePromotion() {
        int promoted = cluster.at("Resource action: VOLUME_1        promote on server1");
        int address = cluster.at("Resource action: IP_1            start on server1");
        int target = cluster.at("Resource action: TARGET_1        start on server1");
        assertThat(List.of(promoted, address, target)).isSorted();
    }

    @Test
    void aServerInStandbyGivesAllAwayInOrder() {
        cluster.configure("server1", "standby", "on");
        cluster.settle();
        assertThat(cluster.activeOn("server1")).isEmpty();
        assertThat(cluster.activeOn("server2"))
                .containsExactly(
                        "IP_1",
                        "IP_2",
                        "TARGET_1",
                        "TARGET_2",
                        "VOLUME_1 promoted",
                        "VOLUME_2 promoted");
        assertThat(
                        List.of(
                                cluster.at("Resource action: TARGET_1        stop on server1"),
                                cluster.at("Resource action: IP_1            stop on server1"),
                                cluster.at("Resource action: VOLUME_1        demote on server1"),
                                cluster.at("Resource action: VOLUME_1        promote on server2"),
                                cluster.at("Resource action: IP_1            start on server2"),
                                cluster.at("Resource action: TARGET_1        start on server2")))
                .isSorted();
    }

    @Test
    void theOtherServerTakesOverWhenOneFails() {
        cluster.fail("server1");
        cluster.settle();
        assertThat(cluster.activeOn("server2"))
                .containsExactly(
                        "IP_1",
                        "IP_2",
                        "TARGET_1",
                        "TARGET_2",
                        "VOLUME_1 promoted",
                        "VOLUME_2 promoted");
    }

    @Test
    void aServerThatReturnsGetsMirrorsOnly() {
        cluster.fail("server1");
        cluster.settle();
        cluster.rejoin("server1");
        cluster.settle();
        mirrored("server1");
        cluster.settle();
        assertThat(cluster.activeOn("server1")).containsExactly("VOLUME_1", "VOLUME_2");
        assertThat(cluster.activeOn("server2")).contains("IP_1", "VOLUME_1 promoted");
    }

    @Test
    void eachDecisionIsExplained() {
        Cluster decided = new Cluster(cluster.cib().root(), PlayedCluster.NOW.getEpochSecond());
        decided.collectShares = true;
        Scheduler.schedule(decided);
        List<Explanation> found = Explain.resource(decided, "IP_1", ZoneOffset.UTC);
        assertThat(found).hasSize(1);
        assertThat(ExplanationText.of(found.getFirst()))
                .startsWith("IP_1 is started on server1.\nIt belongs on server1, as started.\n")
                .contains("+100  resource-stickiness: it runs here")
                .contains("-INFINITY  colocation WITH_1 with MS_1")
                .contains("colocation WITH_1: SERVICE_1 with MS_1 (Promoted on server1), INFINITY");
    }

    @Test
    void decidingIsQuick() {
        cluster.configure("server1", "standby", "on");
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 200; run++) {
            long start = System.nanoTime();
            Scheduler.schedule(cluster.cib(), PlayedCluster.NOW);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(20));
    }

    private void mirrored(String server) {
        cluster.report(server, "master-VOLUME_1", "10000");
        cluster.report(server, "master-VOLUME_2", "10000");
    }
}
