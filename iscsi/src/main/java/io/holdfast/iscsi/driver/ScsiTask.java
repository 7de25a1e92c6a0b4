package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.scsi.ScsiCommand;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import org.jspecify.annotations.Nullable;

/**
 * One SCSI command of a connection, reused for the next one.
 *
 * <pre>
 * FREE -> COLLECTING (immediate, unsolicited and solicited data) -> EXECUTING -> ANSWERED -> FREE
 *         aborted while COLLECTING: FREE when the event loop looks, no answer
 *         aborted while EXECUTING:  FREE when the volume has let go of the buffer, no answer
 * </pre>
 *
 * Fields change under the connection's lock, or in the event loop's thread before EXECUTING.
 */
final class ScsiTask extends RangeLocks.Holder implements IoCompletion, Runnable {
    enum State {
        FREE,
        COLLECTING,
        EXECUTING,
        ANSWERED
    }

    private static final ScsiCommand NO_COMMAND = new ScsiCommand.TestUnitReady();
    static final Plan NO_PLAN = new Plan.Good();

    private final ScsiCommands commands;

    /** Index in the connection's table, and the high half of its transfer tags. */
    final int slot;

    State state = State.FREE;
    int initiatorTaskTag;
    int cmdSn;

    /** Whether it takes a place in the command window (an immediate command does not). */
    boolean counted;

    /** Whether it has that place now: its turn has come and it is not answered yet. */
    boolean inWindow;

    int lun;
    ScsiCommand command = NO_COMMAND;
    Plan plan = NO_PLAN;
    @Nullable LogicalUnit unit;
    BufferPool.@Nullable Buffer buffer;

    boolean reads;
    boolean writes;

    /** Expected data transfer length of the initiator, bytes. */
    int expectedBytes;

    /** Contiguous data-out bytes received so far. */
    int receivedBytes;

    boolean awaitingUnsolicited;
    int dataSn;

    /** Solicited data: where the first burst starts, how many were asked for, which one is due. */
    int solicitedStart;

    int neededBytes;
    int burstsAsked;
    int burstDue;

    boolean aborted;
    boolean dataDigestFailed;
    @Nullable TaskManagement waiter;

    ScsiTask(ScsiCommands commands, int slot) {
        this.commands = commands;
        this.slot = slot;
    }

    void reset() {
        state = State.FREE;
        command = NO_COMMAND;
        plan = NO_PLAN;
        unit = null;
        buffer = null;
        awaitingUnsolicited = false;
        receivedBytes = 0;
        dataSn = 0;
        solicitedStart = 0;
        neededBytes = 0;
        burstsAsked = 0;
        burstDue = 0;
        aborted = false;
        inWindow = false;
        dataDigestFailed = false;
        exclusive = false;
        waiter = null;
    }

    /** The range is ours: start the volume's work. */
    @Override
    void granted() {
        commands.startIo(this);
    }

    /** The volume is done. */
    @Override
    public void done(IoStatus status) {
        commands.ioDone(this, status);
    }

    /** The last byte of the answer has left; runs under the connection's lock. */
    @Override
    public void run() {
        commands.answerSent(this);
    }
}
