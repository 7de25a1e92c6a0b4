package io.holdfast.iscsi.core.scsi;

import static io.holdfast.iscsi.core.scsi.PersistentReservations.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.iscsi.core.scsi.PersistentReservations.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersistentReservationsTest {
    private static final Nexus A = new Nexus("iqn.x:a", 1);
    private static final Nexus B = new Nexus("iqn.x:b", 1);
    private static final Nexus C = new Nexus("iqn.x:c", 1);
    private static final Outcome DONE = new Outcome.Done(List.of(), List.of());
    private static final Outcome CONFLICT = new Outcome.Conflict();

    private final PersistentReservations reservations = new PersistentReservations();

    private Outcome out(Nexus nexus, int action, int type, long key, long actionKey) {
        return reservations.execute(
                nexus,
                new ScsiCommand.PersistentReserveOut(action, 0, type, 24),
                new ParameterList.ReservationParameters(key, actionKey, false, false, false));
    }

    private void register(Nexus... all) {
        for (Nexus nexus : all) {
            assertThat(out(nexus, REGISTER, 0, 0, key(nexus))).isEqualTo(DONE);
        }
    }

    private static long key(Nexus nexus) {
        return nexus.initiatorName().charAt(6);
    }

    @Test
    void aRegistrationNeedsTheKeyThatIsThere() {
        register(A);
        assertThat(out(A, REGISTER, 0, 0, 5)).isEqualTo(CONFLICT);
        assertThat(out(A, REGISTER_AND_IGNORE, 0, 0, 5)).isEqualTo(DONE);
        assertThat(reservations.keyOf(A)).contains(5L);
        assertThat(out(A, REGISTER, 0, 5, 0)).isEqualTo(DONE);
        assertThat(reservations.none()).isTrue();
        assertThat(reservations.state().generation()).isEqualTo(3);
    }

    @Test
    void onlyTheRegisteredReserve() {
        assertThat(out(A, RESERVE, WRITE_EXCLUSIVE, 0, 0)).isEqualTo(CONFLICT);
        register(A, B);
        assertThat(out(A, RESERVE, WRITE_EXCLUSIVE, key(A), 0)).isEqualTo(DONE);
        assertThat(out(A, RESERVE, WRITE_EXCLUSIVE, key(A), 0)).isEqualTo(DONE);
        assertThat(out(B, RESERVE, WRITE_EXCLUSIVE, key(B), 0)).isEqualTo(CONFLICT);
        assertThat(out(A, RESERVE, EXCLUSIVE_ACCESS, key(A), 0)).isEqualTo(CONFLICT);
    }

    @Test
    void eachTypeKeepsOutWhomItShall() {
        record Row(
                int type, boolean registeredReads, boolean registeredWrites, boolean otherReads) {}
        for (Row row :
                List.of(
                        new Row(WRITE_EXCLUSIVE, true, false, true),
                        new Row(EXCLUSIVE_ACCESS, false, false, false),
                        new Row(WRITE_EXCLUSIVE_REGISTRANTS, true, true, true),
                        new Row(EXCLUSIVE_ACCESS_REGISTRANTS, true, true, false),
                        new Row(WRITE_EXCLUSIVE_ALL, true, true, true),
                        new Row(EXCLUSIVE_ACCESS_ALL, true, true, false))) {
            PersistentReservations fresh = new PersistentReservations();
            fresh.restore(
                    new PersistentReservations.State(
                            1,
                            List.of(
                                    new PersistentReservations.Registration(A, 1),
                                    new PersistentReservations.Registration(B, 2)),
                            row.type(),
                            row.type() >= WRITE_EXCLUSIVE_ALL ? null : A,
                            false));
            assertThat(fresh.conflicts(A, true)).as("holder, %s", row).isFalse();
            assertThat(fresh.conflicts(B, false)).as("%s", row).isEqualTo(!row.registeredReads());
            assertThat(fresh.conflicts(B, true)).as("%s", row).isEqualTo(!row.registeredWrites());
            assertThat(fresh.conflicts(C, false)).as("%s", row).isEqualTo(!row.otherReads());
            assertThat(fresh.conflicts(C, true)).as("other writes, %s", row).isTrue();
        }
    }

    @Test
    void aReleaseOfARegistrantsReservationIsToldToTheOthers() {
        register(A, B);
        out(A, RESERVE, WRITE_EXCLUSIVE_REGISTRANTS, key(A), 0);
        assertThat(out(A, RELEASE, WRITE_EXCLUSIVE, key(A), 0))
                .isEqualTo(new Outcome.Refused(Sense.INVALID_RELEASE));
        assertThat(out(A, RELEASE, WRITE_EXCLUSIVE_REGISTRANTS, key(A), 0))
                .isEqualTo(
                        new Outcome.Done(
                                List.of(
                                        new PersistentReservations.Attention(
                                                B, Sense.RESERVATIONS_RELEASED)),
                                List.of()));
        assertThat(reservations.state().type()).isZero();
    }

    @Test
    void preemptingTheHolderTakesTheReservationAndAbortsItsTasks() {
        register(A, B);
        out(A, RESERVE, WRITE_EXCLUSIVE, key(A), 0);
        Outcome outcome = out(B, PREEMPT_AND_ABORT, WRITE_EXCLUSIVE, key(B), key(A));
        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Done(
                                List.of(
                                        new PersistentReservations.Attention(
                                                A, Sense.REGISTRATIONS_PREEMPTED)),
                                List.of(A)));
        assertThat(reservations.holds(B)).isTrue();
        assertThat(reservations.keyOf(A)).isEmpty();
    }

    @Test
    void preemptingAKeyThatNobodyHasIsAConflict() {
        register(A);
        assertThat(out(A, PREEMPT, WRITE_EXCLUSIVE, key(A), 99)).isEqualTo(CONFLICT);
    }

    @Test
    void clearForgetsEverythingAndTellsTheOthers() {
        register(A, B);
        out(A, RESERVE, EXCLUSIVE_ACCESS, key(A), 0);
        Outcome outcome = out(B, CLEAR, 0, key(B), 0);
        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Done(
                                List.of(
                                        new PersistentReservations.Attention(
                                                A, Sense.RESERVATIONS_PREEMPTED)),
                                List.of()));
        assertThat(reservations.none()).isTrue();
        assertThat(reservations.state().type()).isZero();
    }

    @Test
    void anUnregisteringHolderGivesUpItsReservation() {
        register(A, B);
        out(A, RESERVE, WRITE_EXCLUSIVE_REGISTRANTS, key(A), 0);
        assertThat(out(A, REGISTER, 0, key(A), 0))
                .isEqualTo(
                        new Outcome.Done(
                                List.of(
                                        new PersistentReservations.Attention(
                                                B, Sense.RESERVATIONS_RELEASED)),
                                List.of()));
        assertThat(reservations.state().type()).isZero();
    }

    @Test
    void anAllRegistrantsReservationLivesUntilTheLastRegistrantLeaves() {
        register(A, B);
        out(A, RESERVE, WRITE_EXCLUSIVE_ALL, key(A), 0);
        out(A, REGISTER, 0, key(A), 0);
        assertThat(reservations.state().type()).isEqualTo(WRITE_EXCLUSIVE_ALL);
        out(B, REGISTER, 0, key(B), 0);
        assertThat(reservations.state().type()).isZero();
    }

    @Test
    void unknownScopesTypesAndActionsAreRefused() {
        register(A);
        assertThat(out(A, RESERVE, 2, key(A), 0)).isInstanceOf(Outcome.Refused.class);
        assertThat(out(A, 15, 0, key(A), 0)).isInstanceOf(Outcome.Refused.class);
    }
}
