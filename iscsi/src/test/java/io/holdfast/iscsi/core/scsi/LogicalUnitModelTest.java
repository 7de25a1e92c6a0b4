package io.holdfast.iscsi.core.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogicalUnitModelTest {
    private static final Nexus A = new Nexus("iqn.x:a", 1);
    private static final Nexus B = new Nexus("iqn.x:b", 1);
    private static final List<Integer> LUNS = List.of(0);
    private static final ScsiCommand READY = new ScsiCommand.TestUnitReady();

    private LogicalUnitModel unit = thick();

    private static LunIdentity identity(boolean thin, boolean readOnly) {
        return new LunIdentity(
                "HOLDFAST",
                "DISK",
                "1",
                "serial",
                "60".repeat(16),
                thin ? Provisioning.THIN : Provisioning.FULL,
                readOnly,
                true,
                true,
                "iqn.t:d");
    }

    private static LogicalUnitModel thick() {
        return new LogicalUnitModel(identity(false, false), 1 << 20, true);
    }

    @BeforeEach
    void loggedIn() {
        unit = thick();
        logIn(unit);
    }

    private static void logIn(LogicalUnitModel unit) {
        for (Nexus nexus : List.of(A, B)) {
            unit.nexusEstablished(nexus);
            unit.plan(READY, nexus, LUNS);
        }
    }

    private Plan plan(ScsiCommand command, Nexus nexus) {
        return unit.plan(command, nexus, LUNS);
    }

    private static Plan check(Sense sense) {
        return new Plan.Check(sense);
    }

    private static ScsiCommand.Read read(long lba, long blocks) {
        return new ScsiCommand.Read(lba, blocks, 0, false);
    }

    private static ScsiCommand.Write write(long lba, long blocks) {
        return new ScsiCommand.Write(lba, blocks, 0, false);
    }

    @Test
    void aNewSessionLearnsOnceThatStateMayBeLost() {
        LogicalUnitModel fresh = thick();
        fresh.nexusEstablished(A);
        assertThat(fresh.plan(READY, A, LUNS)).isEqualTo(check(Sense.POWER_ON));
        assertThat(fresh.plan(READY, A, LUNS)).isEqualTo(new Plan.Good());
    }

    @Test
    void inquiryDoesNotConsumeAUnitAttention() {
        LogicalUnitModel fresh = thick();
        fresh.nexusEstablished(A);
        assertThat(fresh.plan(new ScsiCommand.Inquiry(false, 0, 36), A, LUNS))
                .isInstanceOf(Plan.Reply.class);
        assertThat(fresh.plan(READY, A, LUNS)).isEqualTo(check(Sense.POWER_ON));
    }

    @Test
    void requestSenseTellsAndClearsAUnitAttention() {
        LogicalUnitModel fresh = thick();
        fresh.nexusEstablished(A);
        Plan plan = fresh.plan(new ScsiCommand.RequestSense(false, 18), A, LUNS);
        assertThat(plan)
                .isEqualTo(new Plan.Reply(new ScsiData.SenseReply(Sense.POWER_ON, false), 18));
        assertThat(fresh.plan(READY, A, LUNS)).isEqualTo(new Plan.Good());
    }

    @Test
    void readsAndWritesBecomeBytes() {
        assertThat(plan(read(8, 16), A)).isEqualTo(new Plan.ReadBlocks(4096, 8192));
        assertThat(plan(new ScsiCommand.Write(8, 16, 0, true), A))
                .isEqualTo(new Plan.WriteBlocks(4096, 8192, true, false, false));
        assertThat(plan(read(2048, 0), A)).isEqualTo(new Plan.Good());
    }

    @Test
    void nothingBeyondTheEndIsTouched() {
        for (ScsiCommand command :
                List.of(
                        read(2047, 2),
                        read(2049, 0),
                        read(-1, 1),
                        read(Long.MAX_VALUE, 0xffff_ffffL),
                        write(2048, 1),
                        new ScsiCommand.Verify(2048, 1, 0, 0),
                        new ScsiCommand.SynchronizeCache(2049, 0),
                        new ScsiCommand.CompareAndWrite(2048, 1, 0, false))) {
            assertThat(plan(command, A)).isEqualTo(check(Sense.LBA_OUT_OF_RANGE));
        }
    }

    @Test
    void protectionInformationIsNotThere() {
        assertThat(plan(new ScsiCommand.Read(0, 1, 1, false), A))
                .isEqualTo(check(Sense.invalidFieldInCdb(1)));
    }

    @Test
    void aReadOnlyUnitRefusesEveryWrite() {
        unit = new LogicalUnitModel(identity(true, true), 1 << 20, true);
        logIn(unit);
        for (ScsiCommand command :
                List.of(
                        write(0, 1),
                        new ScsiCommand.WriteVerify(0, 1, 0, 0),
                        new ScsiCommand.OrWrite(0, 1, 0, false),
                        new ScsiCommand.CompareAndWrite(0, 1, 0, false),
                        new ScsiCommand.WriteSame(0, 1, 0, false, false, false, false),
                        new ScsiCommand.Unmap(false, 24),
                        new ScsiCommand.Sanitize(2, false, false, 0))) {
            assertThat(plan(command, A)).isEqualTo(check(Sense.WRITE_PROTECTED));
        }
    }

    @Test
    void unmapNeedsAThinUnit() {
        assertThat(plan(new ScsiCommand.Unmap(false, 24), A))
                .isEqualTo(check(Sense.INVALID_OPERATION_CODE));
        assertThat(plan(new ScsiCommand.WriteSame(0, 1, 0, false, true, false, false), A))
                .isEqualTo(check(Sense.invalidFieldInCdb(1)));
    }

    @Test
    void aReservationKeepsTheOthersOutUntilItIsReleased() {
        assertThat(plan(new ScsiCommand.ReserveUnit(false), A)).isEqualTo(new Plan.Good());
        assertThat(plan(read(0, 1), B)).isEqualTo(new Plan.Conflict());
        assertThat(plan(new ScsiCommand.ReleaseUnit(false), B)).isEqualTo(new Plan.Good());
        assertThat(plan(read(0, 1), B)).isEqualTo(new Plan.Conflict());
        assertThat(plan(new ScsiCommand.ReleaseUnit(false), A)).isEqualTo(new Plan.Good());
        assertThat(plan(read(0, 1), B)).isInstanceOf(Plan.ReadBlocks.class);
    }

    @Test
    void aReservationGoesWithItsSessionAndWithAReset() {
        plan(new ScsiCommand.ReserveUnit(false), A);
        unit.nexusLost(A);
        assertThat(plan(read(0, 1), B)).isInstanceOf(Plan.ReadBlocks.class);
        plan(new ScsiCommand.ReserveUnit(false), B);
        unit.reset(A);
        unit.nexusEstablished(A);
        plan(READY, A);
        plan(READY, A);
        assertThat(plan(read(0, 1), A)).isInstanceOf(Plan.ReadBlocks.class);
    }

    @Test
    void aResetIsToldToEverySession() {
        unit.reset(A);
        assertThat(plan(READY, A)).isEqualTo(check(Sense.BUS_DEVICE_RESET));
        assertThat(plan(READY, B)).isEqualTo(check(Sense.BUS_DEVICE_RESET));
    }

    @Test
    void changedModePagesAreToldToTheOthers() {
        ScsiCommand.ModeSelect select = new ScsiCommand.ModeSelect(false, true, false, 16);
        assertThat(plan(select, A)).isEqualTo(new Plan.AwaitParameters(16));
        ModePages.Page protect = new ModePages.Page(0x0a, 0, "00100800000000000000");
        ParameterList list = new ParameterList.ModePageList(List.of(protect));
        assertThat(unit.planWithParameters(select, list, A)).isEqualTo(new Plan.Good());
        assertThat(plan(READY, A)).isEqualTo(new Plan.Good());
        assertThat(plan(READY, B)).isEqualTo(check(Sense.MODE_PARAMETERS_CHANGED));
        assertThat(plan(write(0, 1), A)).isEqualTo(check(Sense.WRITE_PROTECTED));
    }

    @Test
    void modeBitsThatCannotChangeAreRefused() {
        ScsiCommand.ModeSelect select = new ScsiCommand.ModeSelect(false, true, false, 16);
        ModePages.Page other = new ModePages.Page(0x0a, 0, "ff100000000000000000");
        ModePages.Page tooShort = new ModePages.Page(0x0a, 0, "0010");
        for (ModePages.Page page : List.of(other, tooShort)) {
            Plan plan =
                    unit.planWithParameters(
                            select, new ParameterList.ModePageList(List.of(page)), A);
            assertThat(plan).isInstanceOf(Plan.Check.class);
        }
    }

    @Test
    void whileSanitizingOnlyQuestionsAreAnswered() {
        unit = new LogicalUnitModel(identity(true, false), 1 << 20, true);
        logIn(unit);
        assertThat(plan(new ScsiCommand.Sanitize(2, true, false, 0), A))
                .isEqualTo(new Plan.SanitizeAll(List.of(), true));
        assertThat(plan(READY, A)).isEqualTo(check(Sense.SANITIZE_IN_PROGRESS));
        assertThat(plan(read(0, 1), A)).isEqualTo(check(Sense.SANITIZE_IN_PROGRESS));
        assertThat(plan(new ScsiCommand.Inquiry(false, 0, 36), A)).isInstanceOf(Plan.Reply.class);
        unit.sanitizeEnded(true);
        assertThat(plan(read(0, 1), A)).isInstanceOf(Plan.ReadBlocks.class);
    }

    @Test
    void aReportedOperationIsOneThatIsCarriedOut() {
        for (boolean thin : List.of(true, false)) {
            for (SupportedOperations.Operation operation : SupportedOperations.all(thin)) {
                assertThat(operation.usage())
                        .as("operation %x", operation.opcode())
                        .startsWith(String.format("%02x", operation.opcode()));
                assertThat(operation.cdbBytes()).isIn(6, 10, 12, 16);
            }
        }
    }
}
