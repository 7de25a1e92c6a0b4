package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.scsi.Sense;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Task management of one session, RFC 7143 11.5 and SAM-5 chapter 7. */
final class TaskManagementFunctions {
    private static final int COMPLETE = 0;
    private static final int TASK_DOES_NOT_EXIST = 1;
    private static final int LUN_DOES_NOT_EXIST = 2;
    private static final int NOT_SUPPORTED = 5;

    private final Target target;
    private final FullFeaturePhase session;

    TaskManagementFunctions(Target target, FullFeaturePhase session) {
        this.target = target;
        this.session = session;
    }

    /**
     * Carries out a function; {@code respond} gets the response code when the aborted tasks are
     * gone, from any thread.
     */
    void perform(int function, int referencedTag, int lun, IntConsumer respond) {
        LogicalUnit unit = target.unit(lun);
        boolean needsUnit = function >= 2 && function <= 5;
        if (needsUnit && unit == null) {
            // Of a unit that is moving every task is gone already.
            respond.accept(target.awaitsUnit(lun) ? COMPLETE : LUN_DOES_NOT_EXIST);
            return;
        }
        TaskManagement whenGone = new TaskManagement(() -> respond.accept(COMPLETE));
        switch (function) {
            case 1 -> {
                boolean found =
                        session.abort(task -> task.initiatorTaskTag == referencedTag, whenGone);
                if (found) {
                    whenGone.release();
                } else {
                    respond.accept(TASK_DOES_NOT_EXIST);
                }
            }
            case 2 -> {
                session.abort(task -> task.lun == lun, whenGone);
                whenGone.release();
            }
            case 4 -> clearTaskSet(lun, unit, whenGone);
            case 5 -> reset(unit == null ? List.of() : List.of(unit), whenGone);
            case 6 -> reset(target.units(), whenGone);
            case 7 -> {
                reset(target.units(), new TaskManagement(() -> {}));
                respond.accept(COMPLETE);
                closeEverything();
            }
            default -> respond.accept(NOT_SUPPORTED);
        }
    }

    private void clearTaskSet(int lun, @Nullable LogicalUnit unit, TaskManagement whenGone) {
        for (FullFeaturePhase each : target.sessions()) {
            boolean hit = each.abort(task -> task.lun == lun, whenGone);
            if (hit && each != session && unit != null) {
                unit.update(model -> model.tell(each.nexus(), Sense.COMMANDS_CLEARED));
            }
        }
        whenGone.release();
    }

    private void reset(List<LogicalUnit> units, TaskManagement whenGone) {
        List<Integer> numbers = units.stream().map(LogicalUnit::number).toList();
        for (FullFeaturePhase each : target.sessions()) {
            each.abort(task -> numbers.contains(task.lun), whenGone);
        }
        for (LogicalUnit unit : units) {
            unit.update(model -> model.reset(session.nexus()));
        }
        whenGone.release();
    }

    /** RFC 7143 11.5.1: after a cold reset every connection of the target is closed. */
    private void closeEverything() {
        for (FullFeaturePhase each : target.sessions()) {
            if (each != session) {
                each.end("another initiator asked for a cold reset of the target");
            }
        }
        session.endAfterAnswers();
    }
}
