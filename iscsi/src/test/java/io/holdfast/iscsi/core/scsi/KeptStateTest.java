package io.holdfast.iscsi.core.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a unit takes along when another node, or a later process, goes on with it. */
class KeptStateTest {
    private static final Nexus A = new Nexus("iqn.t:a", 1);
    private static final Nexus B = new Nexus("iqn.t:b", 2);
    private static final List<Integer> LUNS = List.of(0);
    private static final ScsiCommand READY = new ScsiCommand.TestUnitReady();
    private static final ScsiCommand READ = new ScsiCommand.Read(0, 1, 0, false);
    private static final ScsiCommand WRITE = new ScsiCommand.Write(0, 1, 0, false);

    private LogicalUnitModel unit = fresh();

    private static LogicalUnitModel fresh() {
        LunIdentity identity =
                new LunIdentity(
                        "HOLDFAST",
                        "DISK",
                        "1",
                        "serial",
                        "60".repeat(16),
                        Provisioning.THIN,
                        false,
                        true,
                        true,
                        "iqn.t:d");
        return new LogicalUnitModel(identity, 1 << 20, true);
    }

    @BeforeEach
    void logIn() {
        for (Nexus nexus : List.of(A, B)) {
            unit.nexusEstablished(nexus);
            assertThat(plan(READY, nexus)).isEqualTo(new Plan.Check(Sense.POWER_ON));
        }
    }

    private Plan plan(ScsiCommand command, Nexus nexus) {
        return unit.plan(command, nexus, LUNS);
    }

    private Plan reserve(Nexus nexus, int action, int type, long key, long newKey, boolean aptpl) {
        return unit.planWithParameters(
                new ScsiCommand.PersistentReserveOut(action, 0, type, 24),
                new ParameterList.ReservationParameters(key, newKey, false, false, aptpl),
                nexus);
    }

    private void reserveForA(boolean aptpl) {
        reserve(A, PersistentReservations.REGISTER, 0, 0, 7, aptpl);
        reserve(A, PersistentReservations.RESERVE, 5, 7, 0, aptpl);
    }

    private Plan setAccess(int group, int state, Nexus nexus) {
        return unit.planWithParameters(
                new ScsiCommand.SetTargetPortGroups(8),
                new ParameterList.AccessStates(
                        List.of(new ParameterList.AccessStates.Wanted(group, state))),
                nexus);
    }

    private void moveToAnotherNode() {
        KeptState kept = unit.kept();
        unit = fresh();
        unit.restore(kept, true);
    }

    private void comeBack(Nexus nexus) {
        unit.nexusEstablished(nexus);
        assertThat(plan(READY, nexus))
                .isIn(new Plan.Check(Sense.NEXUS_LOSS), new Plan.Check(Sense.POWER_ON));
    }

    @Test
    void onlyWhoseRegistrationMovedHearsOfALostNexusInsteadOfAPowerOn() {
        reserveForA(false);
        moveToAnotherNode();
        unit.nexusEstablished(A);
        unit.nexusEstablished(B);
        assertThat(plan(READY, A)).isEqualTo(new Plan.Check(Sense.NEXUS_LOSS));
        assertThat(plan(READY, B)).isEqualTo(new Plan.Check(Sense.POWER_ON));
    }

    @Test
    void aReservationIsTheSameAfterAMoveWithOrWithoutAptpl() {
        for (boolean aptpl : List.of(true, false)) {
            reserveForA(aptpl);
            moveToAnotherNode();
            comeBack(B);
            assertThat(plan(WRITE, B)).isEqualTo(new Plan.Conflict());
            assertThat(plan(READ, B)).isInstanceOf(Plan.ReadBlocks.class);
            comeBack(A);
            assertThat(plan(WRITE, A)).isInstanceOf(Plan.WriteBlocks.class);
        }
    }

    @Test
    void aLossOfPowerLeavesOnlyWhatWasToPersist() {
        reserveForA(false);
        assertThat(unit.kept().afterPowerLoss().reservations())
                .isEqualTo(PersistentReservations.State.NONE);
        reserve(A, PersistentReservations.REGISTER, 0, 7, 8, true);
        assertThat(unit.kept().afterPowerLoss().reservations())
                .isEqualTo(unit.kept().reservations());
    }

    @Test
    void anInitiatorThatWasAwayIsToldAfterTheMoveThatItWasPreempted() {
        reserveForA(true);
        reserve(B, PersistentReservations.REGISTER, 0, 0, 9, true);
        unit.nexusLost(A);
        reserve(B, PersistentReservations.PREEMPT, 5, 9, 7, true);
        moveToAnotherNode();
        comeBack(A);
        assertThat(plan(READY, A)).isEqualTo(new Plan.Check(Sense.REGISTRATIONS_PREEMPTED));
        assertThat(plan(READY, A)).isEqualTo(new Plan.Good());
        assertThat(plan(WRITE, A)).isEqualTo(new Plan.Conflict());
    }

    @Test
    void modesMoveWithTheUnit() {
        unit.planWithParameters(
                new ScsiCommand.ModeSelect(true, true, false, 20),
                new ParameterList.ModePageList(
                        List.of(new ModePages.Page(0x0a, 0, "04100800000000000000"))),
                A);
        moveToAnotherNode();
        assertThat(unit.descriptorSense()).isTrue();
        comeBack(A);
        assertThat(plan(WRITE, A)).isEqualTo(new Plan.Check(Sense.WRITE_PROTECTED));
        comeBack(B);
        assertThat(plan(READY, B)).isEqualTo(new Plan.Check(Sense.MODE_PARAMETERS_CHANGED));
    }

    @Test
    void anAccessStateThatAnInitiatorSetMovesWithTheUnitAndTheOthersAreTold() {
        assertThat(setAccess(1, 2, A)).isEqualTo(new Plan.Good());
        assertThat(plan(READ, A)).isEqualTo(new Plan.Check(Sense.IN_STANDBY));
        moveToAnotherNode();
        comeBack(B);
        assertThat(plan(READ, B)).isEqualTo(new Plan.Check(Sense.ACCESS_STATE_CHANGED));
        assertThat(plan(READ, B)).isEqualTo(new Plan.Check(Sense.IN_STANDBY));
        assertThat(plan(new ScsiCommand.ReportTargetPortGroups(false, 100), B))
                .isEqualTo(
                        new Plan.Reply(
                                new ScsiData.TargetPortGroups(false, AccessState.STANDBY, true),
                                100));
        setAccess(1, 0, B);
        assertThat(plan(READ, B)).isInstanceOf(Plan.ReadBlocks.class);
    }

    @Test
    void onlyTheOneGroupAndStatesThatExistCanBeSet() {
        for (int[] wrong : new int[][] {{2, 0}, {0, 0}, {1, 4}, {1, 14}, {1, 15}}) {
            long before = unit.keptChanges();
            assertThat(setAccess(wrong[0], wrong[1], A))
                    .isEqualTo(new Plan.Check(Sense.INVALID_IN_PARAMETER_LIST));
            assertThat(unit.keptChanges()).isEqualTo(before);
        }
    }

    @Test
    void anUnavailableUnitStillTellsAboutItsPathsAndNothingElse() {
        setAccess(1, 3, A);
        assertThat(plan(READY, A)).isEqualTo(new Plan.Check(Sense.UNAVAILABLE));
        assertThat(plan(new ScsiCommand.PersistentReserveIn(0, 8), A))
                .isEqualTo(new Plan.Check(Sense.UNAVAILABLE));
        assertThat(plan(new ScsiCommand.Inquiry(false, 0, 36), A)).isInstanceOf(Plan.Reply.class);
        assertThat(plan(new ScsiCommand.SetTargetPortGroups(8), A))
                .isInstanceOf(Plan.AwaitParameters.class);
    }

    @Test
    void aSanitizeThatWasRunningHasFailedAfterTheMove() {
        plan(new ScsiCommand.Sanitize(2, true, false, 0), A);
        moveToAnotherNode();
        comeBack(A);
        assertThat(plan(READ, A)).isEqualTo(new Plan.Check(Sense.of(Sense.MEDIUM_ERROR, 0x3103)));
        plan(new ScsiCommand.Sanitize(2, true, false, 0), A);
        unit.sanitizeEnded(true);
        assertThat(plan(READ, A)).isInstanceOf(Plan.ReadBlocks.class);
    }

    @Test
    void everyChangeThatIsKeptIsCountedAndNothingElseIs() {
        long before = unit.keptChanges();
        plan(READ, A);
        plan(WRITE, B);
        plan(new ScsiCommand.ReserveUnit(false), A);
        assertThat(unit.keptChanges()).isEqualTo(before);
        plan(new ScsiCommand.ReleaseUnit(false), A);
        reserveForA(true);
        assertThat(unit.keptChanges()).isEqualTo(before + 2);
        unit.reset(A);
        assertThat(unit.keptChanges()).isEqualTo(before + 3);
    }

    @Test
    void aVolumeWithoutNotesRefusesAptpl() {
        unit = new LogicalUnitModel(unit.identity(), 1 << 20, false);
        assertThat(reserve(A, PersistentReservations.REGISTER, 0, 0, 7, true))
                .isEqualTo(new Plan.Check(Sense.invalidFieldInParameters(20)));
        assertThat(reserve(A, PersistentReservations.REGISTER, 0, 0, 7, false))
                .isEqualTo(new Plan.Good());
    }
}
