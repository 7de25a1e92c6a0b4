package io.holdfast.membership.driver;

import static io.holdfast.membership.driver.LoopbackCluster.millisUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.membership.AuthKey;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.LinkStatus;
import io.holdfast.membership.driver.LoopbackCluster.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets on loopback; times are printed, and bounded generously. */
class ClusterMembershipTest {
    @TempDir Path directory;

    @Test
    void twoNodesAndAWitnessFormAQuorateViewAndTheSurvivorOfOneGoesOn() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            Member b = cluster.start(2);
            long formed =
                    millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "both quorate");
            assertThat(a.view()).isEqualTo(b.view());
            Term term = a.view().term();

            Thread.ofPlatform().start(b.membership::closeAbruptly);
            long killed = System.nanoTime();
            long survived = millisUntil(() -> a.isQuorateWith(1), "the survivor is quorate");
            assertThat(a.view().term()).isGreaterThan(term);
            assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(4));

            b.membership.close();
            Member again = cluster.start(2);
            long rejoined =
                    millisUntil(() -> a.isQuorateWith(2) && again.isQuorateWith(2), "rejoined");
            System.out.printf(
                    "measured: formed %d ms, view after a kill %d ms, rejoined %d ms%n",
                    formed, survived, rejoined);
        }
    }

    @Test
    void theLeaseOfASurvivorHasNoGapWhenTheOtherNodeComesAndGoes() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            long alone = millisUntil(() -> a.isQuorateWith(1), "quorate alone");
            LeaseWatch watch = new LeaseWatch(a);
            Member b = cluster.start(2);
            long joined = millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "joined");
            Thread.ofPlatform().start(b.membership::closeAbruptly);
            long gone = millisUntil(() -> a.isQuorateWith(1), "gone");
            System.out.printf(
                    "measured: alone %d ms, joined %d ms, gone %d ms%n", alone, joined, gone);
            assertThat(watch.stopAndCountGaps()).isZero();
        }
    }

    @Test
    void aNodeThatLeavesInOrderIsNotWaitedFor() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            Member b = cluster.start(2);
            millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "both quorate");
            b.membership.close();
            System.out.printf(
                    "measured: view after leaving %d ms%n",
                    millisUntil(() -> a.isQuorateWith(1), "the other is quorate"));
        }
    }

    @Test
    void aCutRingChangesNothingButItsLinks() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            Member b = cluster.start(2);
            millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "both quorate");
            int views = a.views.size();

            b.membership.setRingCut(0, true);
            millisUntil(() -> !isUp(a, 0) && !isUp(b, 0), "ring 0 is down");
            a.membership.broadcast("over ring 1".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            millisUntil(() -> !b.messages.isEmpty(), "a message");
            Thread.sleep(2L * LoopbackCluster.LEASE_MILLIS);
            b.membership.setRingCut(0, false);
            millisUntil(() -> isUp(a, 0) && isUp(b, 0), "ring 0 is up");

            assertThat(a.views).hasSize(views);
            assertThat(a.isQuorateWith(2)).isTrue();
            assertThat(b.isQuorateWith(2)).isTrue();
        }
    }

    @Test
    void anIsolatedNodeStopsBeforeTheOtherTakesOver() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, false)) {
            Member a = cluster.start(1);
            Member b = cluster.start(2);
            millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "both quorate");
            b.membership.setRingCut(0, true);
            b.membership.setRingCut(1, true);
            millisUntil(() -> !a.view().quorate() && !b.view().quorate(), "no quorum");
            millisUntil(() -> !a.mayAct() && !b.mayAct(), "leases over");
            assertThat(a.problems)
                    .anySatisfy(p -> assertThat(p.remedy()).contains("holdfast witness"));
            b.membership.setRingCut(0, false);
            System.out.printf(
                    "measured: merged %d ms%n",
                    millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "merged"));
        }
    }

    @Test
    void aNodeWithAnotherKeyNeverJoinsAndIsReportedOnce() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            millisUntil(() -> a.isQuorateWith(1), "quorate");
            Member stranger = cluster.start(2, AuthKey.of(new byte[64]));
            millisUntil(() -> !stranger.problems.isEmpty(), "a problem");
            Thread.sleep(1_500);
            assertThat(stranger.view().quorate()).isFalse();
            assertThat(a.isQuorateWith(1)).isTrue();
            // One address a ring.
            assertThat(a.problems).hasSizeBetween(1, 2);
            assertThat(a.problems.getFirst().what()).contains("another cluster's key");
        }
    }

    @Test
    void aLargeMessageArrivesWhole() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            Member b = cluster.start(2);
            millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "both quorate");
            a.membership.send(b.membership.self(), new byte[4 * 1024 * 1024]);
            b.membership.broadcast(new byte[0]);
            System.out.printf(
                    "measured: 4 MiB %d ms%n",
                    millisUntil(() -> b.messages.contains("n1:4194304"), "4 MiB"));
            millisUntil(() -> a.messages.contains("n2:0"), "an empty message");
        }
    }

    @Test
    void positionsAreConfirmedUnderTheViewsTermAloneAndAnchoredAtTheWitness() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            Member b = cluster.start(2);
            millisUntil(() -> a.isQuorateWith(2) && b.isQuorateWith(2), "both quorate");
            b.membership.close();
            millisUntil(() -> a.isQuorateWith(1), "quorate alone");
            Term term = a.view().term();
            LogPosition first = new LogPosition(term, 1);
            assertThat(counts(a, new Term(0), first)).isFalse();
            assertThat(counts(a, term, first)).isTrue();
            a.membership
                    .anchorAtWitness(term, first)
                    .toCompletableFuture()
                    .get(2, TimeUnit.SECONDS);
            a.membership.closeAbruptly();

            Member again = cluster.start(2);
            millisUntil(() -> again.isQuorateWith(1), "quorate");
            ClusterView view = again.view();
            assertThat(view.latest()).isEqualTo(first);
            assertThat(view.latestHolder()).isEmpty();
        }
    }

    @Test
    void aDamagedVoterStateIsReportedAndLeftAlone() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.startWitness();
            Member a = cluster.start(1);
            millisUntil(() -> a.isQuorateWith(1), "quorate");
            a.membership.close();
            Path file = directory.resolve("state-n1").resolve("voter");
            byte[] bytes = Files.readAllBytes(file);
            bytes[20] ^= 1;
            Files.write(file, bytes);
            assertThatThrownBy(() -> cluster.start(1))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("damaged");
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        }
    }

    @Test
    void aSecondProcessOfTheSameVoterIsRefused() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            cluster.start(1);
            assertThatThrownBy(() -> cluster.start(1))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("another process is this voter");
        }
    }

    private static boolean isUp(Member member, int ring) {
        NodeId other = new NodeId(member.membership.self().name().equals("n1") ? "n2" : "n1");
        return member.membership.status().links().stream()
                .filter(link -> link.ring() == ring && link.peer().equals(other))
                .allMatch(LinkStatus::up);
    }

    /** Looks at a member's lease all the time. */
    private static boolean counts(Member member, Term term, LogPosition position) throws Exception {
        return member.membership
                .positionReached(term, position)
                .toCompletableFuture()
                .get(2, TimeUnit.SECONDS);
    }

    private static final class LeaseWatch {
        private final Thread thread;
        private volatile boolean stopped;
        private volatile int gaps;

        LeaseWatch(Member member) {
            thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        boolean acted = true;
                                        while (!stopped) {
                                            boolean acts = member.mayAct();
                                            if (acted && !acts) {
                                                gaps++;
                                            }
                                            acted = acts;
                                            try {
                                                Thread.sleep(1);
                                            } catch (InterruptedException e) {
                                                return;
                                            }
                                        }
                                    });
        }

        int stopAndCountGaps() throws InterruptedException {
            stopped = true;
            thread.join();
            return gaps;
        }
    }
}
