package io.holdfast.controller.core;

import static io.holdfast.controller.core.TestCluster.A;
import static io.holdfast.controller.core.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllerCoreTest {
    private static final VolumeId VOLUME = new VolumeId("v");

    private final TestCluster cluster = new TestCluster();

    @BeforeEach
    void twoNodesInOneView() {
        cluster.boot(A);
        cluster.boot(B);
        cluster.view(A, B);
    }

    @Test
    void aNewViewEndsWithEveryMemberOnTheSameStateAndTheCoordinatorDeciding() {
        assertThat(cluster.core(A).phase()).isEqualTo(ControllerCore.Phase.DECIDING);
        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.FOLLOWING);
        assertThat(cluster.core(B).state()).isEqualTo(cluster.core(A).state());
        assertThat(cluster.applied).containsEntry(A, new Term(1)).containsEntry(B, new Term(1));
    }

    @Test
    void membersBecomeNodesOfTheConfiguration() {
        assertThat(cluster.core(B).state().cib().nodes().children("node"))
                .extracting(node -> node.attribute("uname"))
                .containsExactly("a", "b");
    }

    @Test
    void aMembersChangeIsDecidedByTheCoordinatorAndReachesBoth() {
        long request = cluster.ask(B, new Change.PromoteVolume(VOLUME, B));

        assertThat(cluster.outcomes.get(request))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Accepted.class, a -> assertThat(a.epoch()).isEqualTo(1));
        assertThat(cluster.core(A).state().volume(VOLUME).holder()).contains(B);
        assertThat(cluster.core(B).state()).isEqualTo(cluster.core(A).state());
    }

    @Test
    void aVolumeHeldByAMemberIsNotPromotedElsewhere() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));

        long request = cluster.ask(B, new Change.PromoteVolume(VOLUME, B));

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Refused.class);
        assertThat(cluster.core(A).state().volume(VOLUME).holder()).contains(A);
    }

    @Test
    void aVolumeOfALostHolderIsPromotedUnderTheNextEpoch() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.view(B);

        long request = cluster.ask(B, new Change.PromoteVolume(VOLUME, B));

        assertThat(cluster.outcomes.get(request))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Accepted.class, a -> assertThat(a.epoch()).isEqualTo(2));
    }

    @Test
    void anOutdatedReplicaIsNotPromotedEvenWhenItsPrimaryIsGone() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.ask(A, new Change.OutdateReplica(VOLUME, A, new Epoch(1), B));
        cluster.view(B);

        long request = cluster.ask(B, new Change.PromoteVolume(VOLUME, B));

        assertThat(cluster.outcomes.get(request))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Refused.class,
                        r ->
                                assertThat(r.problems().getFirst().message())
                                        .contains("Outdated since epoch 1"));
    }

    @Test
    void aPrimaryOfAnOldEpochRecordsNothing() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.view(B);
        cluster.ask(B, new Change.PromoteVolume(VOLUME, B));
        cluster.boot(A);
        cluster.view(B, A);

        long request = cluster.ask(A, new Change.OutdateReplica(VOLUME, A, new Epoch(1), B));

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Refused.class);
        assertThat(cluster.core(B).state().volume(VOLUME).outdatedSince()).isEmpty();
    }

    @Test
    void aNodeThatWasLeftOutGivesUpWhatItRanBeforeItReports() {
        cluster.view(B);
        cluster.view(B, A);

        assertThat(cluster.surrendered).containsExactly("a");
        assertThat(cluster.core(A).phase()).isEqualTo(ControllerCore.Phase.FOLLOWING);
    }

    @Test
    void whatIsBeingGivenUpIsGivenUpBeforeTheReportOfALaterTermToo() {
        cluster.surrendersSlowly = true;
        cluster.view(B);
        cluster.view(B, A);
        cluster.view(B, A); // while it still gives up

        assertThat(cluster.surrendered).containsExactly("a");
        assertThat(cluster.core(A).phase()).isEqualTo(ControllerCore.Phase.JOINING);
        assertThat(cluster.applied.get(A)).isEqualTo(new Term(1));

        cluster.surrenderEnds(A);
        assertThat(cluster.core(A).phase()).isEqualTo(ControllerCore.Phase.FOLLOWING);
        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.DECIDING);
    }

    @Test
    void changesAreRecordedWhileAMemberGivesUpWhatItRan() {
        cluster.surrendersSlowly = true;
        cluster.view(B);
        cluster.view(B, A);

        long request = cluster.ask(B, new Change.PromoteVolume(VOLUME, B));

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Accepted.class);
        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.INSTALLING);
    }

    @Test
    void whatAMembersVoterDoesNotConfirmIsNotCommitted() {
        cluster.unconfirming.add(B); // its voter has accepted a newer term already
        cluster.view(A, B);

        assertThat(cluster.core(A).phase()).isEqualTo(ControllerCore.Phase.INSTALLING);
    }

    @Test
    void anEntryDoesNotOvertakeTheStateItFollows() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.boot(A); // so that it releases the volume as soon as it installs the term
        cluster.view(A, B);

        assertThat(cluster.core(B).state()).isEqualTo(cluster.core(A).state());
        assertThat(cluster.core(B).state().volume(VOLUME).holder()).isEmpty();
    }

    @Test
    void aNodeThatWasInEveryTermKeepsWhatItRuns() {
        cluster.view(B, A);
        cluster.view(A, B);

        assertThat(cluster.surrendered).isEmpty();
    }

    @Test
    void aCoordinatorThatLacksTheNewestLogFetchesItFromItsHolder() {
        cluster.view(A);
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.view(B, A);

        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.DECIDING);
        assertThat(cluster.core(B).state().volume(VOLUME).epoch()).isEqualTo(new Epoch(1));
    }

    @Test
    void whatOnlyTheWitnessKnowsOfStopsTheClusterUntilItsHolderIsBack() {
        cluster.view(A);
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.view(B);

        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.BLOCKED);
        assertThat(cluster.warnings.getFirst().problem().why()).contains("no member here has");

        cluster.view(B, A);
        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.DECIDING);
    }

    @Test
    void aRestartedHolderIsHeldToHoldNothing() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.boot(A);
        cluster.view(B, A);

        assertThat(cluster.core(B).state().volume(VOLUME).holder()).isEmpty();
    }

    @Test
    void aHolderThatStillHoldsKeepsItThroughANewView() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.grants(A, new TestCluster.VolumeRecordGrant(VOLUME, new Epoch(1)));
        cluster.view(B, A);

        assertThat(cluster.core(B).state().volume(VOLUME).holder()).contains(A);
    }

    @Test
    void aChangeAskedWithoutQuorumIsMadeInTheNextTerm() {
        cluster.boot(B);
        long request = cluster.ask(B, new Change.PromoteVolume(VOLUME, B));
        assertThat(cluster.outcomes).doesNotContainKey(request);

        cluster.view(A, B);

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Accepted.class);
    }

    private static Change load(String text, @Nullable String expectedVersion) {
        return new Change.LoadConfiguration("crm", "replace", text, expectedVersion);
    }

    private static String dummy(String id) {
        return "primitive "
                + id
                + " ocf:pacemaker:Dummy op monitor interval=10s\n"
                + "property stonith-enabled=false";
    }

    private String version() {
        return cluster.core(A).state().cib().version().toString();
    }

    @Test
    void aConfigurationThatOthersChangedMeanwhileIsNotOverwritten() {
        String looked = version();
        cluster.ask(A, load(dummy("newer"), looked));

        long request = cluster.ask(B, load(dummy("older"), looked));

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Refused.class);
        assertThat(cluster.core(A).state().cib().toXml()).contains("newer");
    }

    @Test
    void aLoadThatIsAskedAgainDoesNotOverwriteANewerConfiguration() {
        cluster.losesAnswers = true;
        long request = cluster.ask(B, load(dummy("older"), null));
        cluster.losesAnswers = false;
        cluster.ask(A, load(dummy("newer"), null));
        assertThat(cluster.outcomes).doesNotContainKey(request);

        cluster.view(A, B); // it asks again

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Refused.class);
        assertThat(cluster.core(A).state().cib().toXml()).contains("newer");
    }

    @Test
    void aLoadThatIsAskedAgainAndWasMadeIsAccepted() {
        cluster.losesAnswers = true;
        long request = cluster.ask(B, load(dummy("r"), null));
        cluster.losesAnswers = false;
        String made = version();

        cluster.view(A, B);

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Accepted.class);
        assertThat(version()).isEqualTo(made);
    }

    @Test
    void aPromotionOfTheCoordinatorsOwnIsNotUndoneByItsOwnReport() {
        cluster.surrendersSlowly = true;
        cluster.view(B);
        cluster.view(A, B); // A gives up what it ran, and coordinates
        long request = cluster.ask(A, new Change.PromoteVolume(VOLUME, A));

        cluster.surrenderEnds(A);

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Accepted.class);
        assertThat(cluster.core(A).state().volume(VOLUME).holder()).contains(A);
    }

    @Test
    void changesThatWaitForQuorumWithoutEndAreRefused() {
        cluster.boot(B); // not in a view any more
        for (int i = 0; i < ControllerCore.MOST_ASKED; i++) {
            cluster.ask(B, new Change.CleanUpResource(""));
        }
        assertThat(cluster.outcomes).isEmpty();

        long request = cluster.ask(B, new Change.CleanUpResource(""));

        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Refused.class);
    }

    /** Whoever hears that a replica is recorded Outdated goes on without it. */
    @Test
    void whatIsSoAlreadyIsAnsweredOnlyWhenItIsCommitted() {
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.unconfirming.add(B);
        Change outdate = new Change.OutdateReplica(VOLUME, A, new Epoch(1), B);
        long first = cluster.ask(A, outdate);

        long again = cluster.ask(A, outdate);

        assertThat(cluster.outcomes).doesNotContainKeys(first, again);
        cluster.unconfirming.clear();
        cluster.ask(A, new Change.PromoteVolume(new VolumeId("w"), A));
        assertThat(cluster.outcomes.get(again)).isInstanceOf(ChangeOutcome.Accepted.class);
    }

    @Test
    void anEntryWhosePredecessorWasLostIsNeitherTakenNorTheEndOfTheNode() {
        cluster.losesEntries = true;
        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));
        cluster.losesEntries = false;
        LogPosition before = cluster.core(B).state().position();

        long request = cluster.ask(A, new Change.PromoteVolume(new VolumeId("w"), A));

        assertThat(cluster.core(B).state().position()).isEqualTo(before);
        assertThat(cluster.outcomes).doesNotContainKey(request);
        cluster.view(A, B);
        assertThat(cluster.outcomes.get(request)).isInstanceOf(ChangeOutcome.Accepted.class);
        assertThat(cluster.core(B).state()).isEqualTo(cluster.core(A).state());
    }

    @Test
    void anEntryIsNotTakenByANodeThatLacksTheStateOfItsTerm() {
        cluster.losesStates = true;
        cluster.view(A, B);
        LogPosition before = cluster.core(B).state().position();

        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));

        assertThat(cluster.core(B).phase()).isEqualTo(ControllerCore.Phase.JOINING);
        assertThat(cluster.core(B).state().position()).isEqualTo(before);
    }

    @Test
    void aConfigurationThatIsTooLargeIsRefusedInWords() {
        assertRefused(
                "primitive r ocf:pacemaker:Dummy params fake="
                        + "x".repeat(ConfigurationChange.LARGEST_BYTES),
                "too large");
    }

    @Test
    void aConfigurationWithTooManyResourcesIsRefusedInWords() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= ConfigurationChange.MOST_HISTORIES / 2; i++) {
            text.append("primitive r").append(i).append(" ocf:pacemaker:Dummy\n");
        }
        assertRefused(text.toString(), "too many");
    }

    @Test
    void manyWarningsAreTold() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("primitive r")
                    .append(i)
                    .append(" ocf:heartbeat:IPaddr2 params ip=1.1.1.1\n");
        }
        long request =
                cluster.ask(
                        B, new Change.LoadConfiguration("crm", "update", text.toString(), null));

        assertThat(cluster.outcomes.get(request))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Accepted.class,
                        a -> {
                            assertThat(a.warnings()).hasSize(101);
                            assertThat(a.warnings().getLast().why()).contains("200 are not shown");
                        });
    }

    @Test
    void aTextThatIsTooLargeIsNotEvenSent() {
        assertRefused("#".repeat(ConfigurationChange.LARGEST_TEXT + 1), "too large");
    }

    private void assertRefused(String text, String what) {
        long request = cluster.ask(B, new Change.LoadConfiguration("crm", "update", text, null));

        assertThat(cluster.outcomes.get(request))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Refused.class,
                        r -> assertThat(r.problems().getFirst().what()).contains(what));
    }

    @Test
    void aLoneNodesEntriesAreKeptByTheWitness() {
        cluster.view(A);
        LogPosition before = cluster.witness;

        cluster.ask(A, new Change.PromoteVolume(VOLUME, A));

        assertThat(cluster.witness).isGreaterThan(before);
    }
}
