package io.holdfast.replication.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Epoch;
import io.holdfast.replication.core.SplitBrainPolicies.WithOnePrimary;
import io.holdfast.replication.core.SplitBrainPolicies.WithoutPrimary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two replicas that went on from generation 10 without each other; by tables. */
class SplitBrainRulesTest {
    private static final long BEFORE = 10;

    /** The first is in generation 21 and the second in 22; each tracked since 10. */
    private record Side(
            long current, Role role, long epoch, long dirty, boolean discards, long since) {
        Side(long current, Role role, long epoch, long dirty) {
            this(current, role, epoch, dirty, false, BEFORE);
        }

        ReplicaReport with(SplitBrainPolicies policies) {
            return new ReplicaReport(
                    role,
                    new Epoch(epoch),
                    DiskState.UP_TO_DATE,
                    1 << 20,
                    current,
                    0,
                    List.of(),
                    since,
                    List.of(BEFORE),
                    dirty,
                    false,
                    false,
                    discards,
                    false,
                    policies);
        }
    }

    private static SyncDecision decide(Side one, Side other, SplitBrainPolicies policies) {
        SyncDecision decision = SyncRules.decide(one.with(policies), other.with(policies), false);
        assertThat(SyncRules.decide(other.with(policies), one.with(policies), false))
                .as("the other side's decision")
                .isEqualTo(decision.mirrored());
        return decision;
    }

    @Test
    void withoutAnOrderOrAPolicyBothStayApart() {
        Side one = new Side(21, Role.SECONDARY, 5, 100);
        Side other = new Side(22, Role.SECONDARY, 6, 0);
        assertThat(decide(one, other, SplitBrainPolicies.ASK)).isEqualTo(SyncDecision.SPLIT_BRAIN);
    }

    @Test
    void theSideThatWasToldToDiscardItsDataBecomesTheTarget() {
        Side victim = new Side(21, Role.SECONDARY, 6, 100, true, BEFORE);
        for (Role survivor : List.of(Role.SECONDARY, Role.PRIMARY)) {
            assertThat(decide(victim, new Side(22, survivor, 6, 1), SplitBrainPolicies.ASK))
                    .isEqualTo(SyncDecision.TARGET_AFTER_SPLIT);
        }
    }

    @Test
    void withoutACommonGenerationToTrackFromAllIsSent() {
        Side victim = new Side(21, Role.SECONDARY, 5, 100, true, 9);
        assertThat(decide(victim, new Side(22, Role.SECONDARY, 6, 1), SplitBrainPolicies.ASK))
                .isEqualTo(SyncDecision.TARGET_FULL);
    }

    @Test
    void whenBothSidesWereToldSoNobodyDiscardsAnything() {
        Side one = new Side(21, Role.SECONDARY, 5, 100, true, BEFORE);
        Side other = new Side(22, Role.SECONDARY, 6, 1, true, BEFORE);
        assertThat(decide(one, other, SplitBrainPolicies.ASK)).isEqualTo(SyncDecision.SPLIT_BRAIN);
    }

    @Test
    void aPrimaryNeverDiscardsItsData() {
        Side primary = new Side(21, Role.PRIMARY, 6, 100, true, BEFORE);
        assertThat(decide(primary, new Side(22, Role.SECONDARY, 5, 1), SplitBrainPolicies.ASK))
                .isEqualTo(SyncDecision.SPLIT_BRAIN);
    }

    @Test
    void differentPoliciesAreNoPolicy() {
        ReplicaReport one =
                new Side(21, Role.SECONDARY, 5, 100)
                        .with(policies(WithoutPrimary.DISCARD_LEAST_CHANGES));
        ReplicaReport other =
                new Side(22, Role.SECONDARY, 6, 1)
                        .with(policies(WithoutPrimary.DISCARD_OLDER_PRIMARY));
        assertThat(SyncRules.decide(one, other, false)).isEqualTo(SyncDecision.SPLIT_BRAIN);
    }

    private static SplitBrainPolicies policies(WithoutPrimary policy) {
        return new SplitBrainPolicies(policy, WithOnePrimary.DISCONNECT);
    }

    // Of the first side: epoch and dirty blocks, then the second's.
    @ParameterizedTest
    @CsvSource({
        "DISCARD_YOUNGER_PRIMARY, 5, 9, 6, 9, SOURCE_AFTER_SPLIT",
        "DISCARD_YOUNGER_PRIMARY, 6, 9, 5, 9, TARGET_AFTER_SPLIT",
        "DISCARD_YOUNGER_PRIMARY, 5, 9, 5, 9, SPLIT_BRAIN",
        "DISCARD_OLDER_PRIMARY,   5, 9, 6, 9, TARGET_AFTER_SPLIT",
        "DISCARD_OLDER_PRIMARY,   6, 9, 5, 9, SOURCE_AFTER_SPLIT",
        "DISCARD_ZERO_CHANGES,    5, 0, 6, 9, TARGET_AFTER_SPLIT",
        "DISCARD_ZERO_CHANGES,    5, 9, 6, 0, SOURCE_AFTER_SPLIT",
        "DISCARD_ZERO_CHANGES,    5, 1, 6, 9, SPLIT_BRAIN",
        "DISCARD_ZERO_CHANGES,    5, 0, 6, 0, SPLIT_BRAIN",
        "DISCARD_LEAST_CHANGES,   5, 1, 6, 9, TARGET_AFTER_SPLIT",
        "DISCARD_LEAST_CHANGES,   5, 9, 6, 1, SOURCE_AFTER_SPLIT",
        "DISCARD_LEAST_CHANGES,   5, 9, 6, 9, SPLIT_BRAIN",
    })
    void withoutAPrimaryThePolicyDecides(
            WithoutPrimary policy, long e1, long d1, long e2, long d2, SyncDecision expected) {
        Side one = new Side(21, Role.SECONDARY, e1, d1);
        Side other = new Side(22, Role.SECONDARY, e2, d2);
        assertThat(decide(one, other, policies(policy))).isEqualTo(expected);
    }

    // The first side is Primary; dirty blocks of both.
    @ParameterizedTest
    @CsvSource({
        "DISCONNECT,            DISCARD_SECONDARY, 1, 9, SOURCE_AFTER_SPLIT",
        "DISCONNECT,            CONSENSUS,         9, 1, SPLIT_BRAIN",
        "DISCARD_LEAST_CHANGES, CONSENSUS,         9, 1, SOURCE_AFTER_SPLIT",
        "DISCARD_LEAST_CHANGES, CONSENSUS,         1, 9, SPLIT_BRAIN",
        "DISCARD_LEAST_CHANGES, DISCONNECT,        9, 1, SPLIT_BRAIN",
    })
    void withOnePrimaryOnlyTheSecondaryIsEverDiscarded(
            WithoutPrimary zero, WithOnePrimary one, long d1, long d2, SyncDecision expected) {
        Side primary = new Side(21, Role.PRIMARY, 6, d1);
        Side secondary = new Side(22, Role.SECONDARY, 5, d2);
        assertThat(decide(primary, secondary, new SplitBrainPolicies(zero, one)))
                .isEqualTo(expected);
    }
}
