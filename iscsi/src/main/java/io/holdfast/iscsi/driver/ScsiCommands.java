package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.CdbCodec;
import io.holdfast.iscsi.codec.MalformedPduException;
import io.holdfast.iscsi.codec.ParameterCodec;
import io.holdfast.iscsi.codec.ScsiDataCodec;
import io.holdfast.iscsi.codec.SenseCodec;
import io.holdfast.iscsi.core.login.SessionParameters;
import io.holdfast.iscsi.core.scsi.AbsentUnit;
import io.holdfast.iscsi.core.scsi.BlockLimits;
import io.holdfast.iscsi.core.scsi.ControllerUnit;
import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.scsi.ScsiCommand;
import io.holdfast.iscsi.core.scsi.ScsiData;
import io.holdfast.iscsi.core.scsi.ScsiStatus;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SCSI commands of one session, from their PDU through data-out, plan and volume to the answer.
 *
 * <p>Requests come in the event loop's thread; completions come from the volume's. What both touch
 * (tasks, window, StatSN, outbox) is behind the connection's lock, which is never held while a
 * volume or another connection is called.
 */
final class ScsiCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ScsiCommands.class);

    private final TargetConnection connection;
    private final IscsiTargetService service;
    private final Target target;
    private final SessionParameters parameters;
    private final Nexus nexus;
    private final ReentrantLock lock;
    private final BufferPool pool;
    private final TaskTable tasks;
    private final ResponseWriter responses;
    private final List<ScsiTask> parked = new ArrayList<>();
    private boolean closed;

    /** The task whose command PDU, or whose Data-Out, is being read right now. */
    private @Nullable ScsiTask incoming;

    private @Nullable ScsiTask receiving;

    ScsiCommands(
            TargetConnection connection,
            IscsiTargetService service,
            Target target,
            SessionParameters parameters,
            Nexus nexus,
            TaskTable tasks,
            ResponseWriter responses) {
        this.connection = connection;
        this.service = service;
        this.target = target;
        this.parameters = parameters;
        this.nexus = nexus;
        this.lock = connection.lock();
        this.pool = service.pool();
        this.tasks = tasks;
        this.responses = responses;
    }

    // ---------------------------------------------------------------- the command PDU

    /** Where immediate data goes; null when there is no place for the command. */
    @Nullable ByteBuffer immediateDataBuffer(ByteBuffer bhs, int dataLength) {
        ScsiTask task = newTask(bhs);
        incoming = task;
        if (task == null || task.buffer == null) {
            return null;
        }
        if (!parameters.immediateData()
                || dataLength > parameters.firstBurstLength()
                || dataLength > task.expectedBytes) {
            throw new MalformedPduException(
                    dataLength + " bytes of immediate data, more than was agreed");
        }
        task.receivedBytes = dataLength;
        return task.buffer.bytes.duplicate().limit(dataLength);
    }

    /** A task for this header, with room for its data-out; null when there is no place for it. */
    private @Nullable ScsiTask newTask(ByteBuffer bhs) {
        ScsiTask task = takeTask();
        if (task == null) {
            return null;
        }
        int flags = Bhs.flags(bhs);
        task.initiatorTaskTag = Bhs.initiatorTaskTag(bhs);
        task.cmdSn = Bhs.word24(bhs);
        task.counted = !Bhs.immediate(bhs);
        task.lun = FullFeaturePhase.decodeLun(Bhs.lun(bhs));
        task.reads = (flags & Bhs.READ) != 0;
        task.writes = (flags & Bhs.WRITE) != 0;
        task.awaitingUnsolicited = task.writes && (flags & Bhs.FINAL) == 0;
        long expected = Bhs.word20(bhs) & 0xffff_ffffL;
        task.expectedBytes = (int) Math.min(expected, Integer.MAX_VALUE);
        task.command = CdbCodec.decode(bhs, Bhs.CDB_OFFSET);
        if (task.writes && expected > 0 && expected <= BufferPool.LARGEST_BYTES) {
            task.buffer = pool.take((int) expected);
        }
        return task;
    }

    private @Nullable ScsiTask takeTask() {
        lock.lock();
        try {
            return tasks.take(this);
        } finally {
            lock.unlock();
        }
    }

    /** The task of a command PDU that is complete; null when there is no place for it. */
    @Nullable ScsiTask accept(ByteBuffer bhs, boolean dataDigestGood) {
        ScsiTask task = incoming;
        incoming = null;
        if (task == null && Bhs.dataLength(bhs) == 0) {
            task = newTask(bhs);
        }
        if (task != null) {
            task.dataDigestFailed = !dataDigestGood;
        }
        return task;
    }

    /** All immediate data is there: plan, unless unsolicited data is still to come. */
    void begin(ScsiTask task) {
        task.inWindow = task.counted;
        if (task.aborted) {
            discard(task);
        } else if (!task.awaitingUnsolicited) {
            plan(task);
        }
    }

    private void plan(ScsiTask task) {
        if (task.dataDigestFailed) {
            check(task, Sense.DATA_DIGEST);
            return;
        }
        LogicalUnit unit = target.unit(task.lun);
        if (unit == null) {
            planWithoutUnit(task);
            return;
        }
        task.unit = unit;
        Plan plan = unit.plan(task.command, nexus, target.luns());
        boolean complete = !(plan instanceof Plan.AwaitParameters);
        if (complete && tellsOrBeginsWhatIsKept(task.command)) {
            onceKept(task, () -> dispatch(task, plan));
        } else {
            dispatch(task, plan);
        }
    }

    /** Reservations must not be told, nor a sanitize begun, that a crash could still undo. */
    private static boolean tellsOrBeginsWhatIsKept(ScsiCommand command) {
        return command instanceof ScsiCommand.PersistentReserveIn
                || command instanceof ScsiCommand.Sanitize;
    }

    /** Goes on when all that the unit remembers is kept with the volume; else ends the task. */
    private void onceKept(ScsiTask task, Runnable next) {
        LogicalUnit unit = unitOf(task);
        if (!enterExecuting(task)) {
            return;
        }
        unit.whenKept(
                status -> {
                    if (status == IoStatus.OK) {
                        next.run();
                    } else if (status == IoStatus.NOT_PRIMARY) {
                        status(task, ScsiStatus.BUSY);
                    } else {
                        check(task, Sense.NOT_KEPT);
                    }
                    connection.flush();
                });
    }

    private void planWithoutUnit(ScsiTask task) {
        Optional<LunIdentity> controller = target.controller();
        if (task.lun == 0 && controller.isPresent()) {
            dispatch(task, ControllerUnit.plan(task.command, controller.get(), target.luns()));
            return;
        }
        if (waitsForUnit(task)) {
            park(task);
            return;
        }
        dispatch(task, AbsentUnit.plan(task.command, target.nobody(), target.luns()));
    }

    private boolean waitsForUnit(ScsiTask task) {
        if (task.command instanceof ScsiCommand.ReportLuns) {
            return target.awaitsFirstUnit();
        }
        return AbsentUnit.answers(task.command)
                ? target.awaitsIdentityOf(task.lun)
                : target.awaitsUnit(task.lun);
    }

    private void dispatch(ScsiTask task, Plan plan) {
        task.plan = plan;
        int wanted = plan.dataOutBytes();
        if (plan.exactDataOut() && wanted != (task.writes ? task.expectedBytes : 0)) {
            check(task, Sense.invalidFieldInCdb(0));
            return;
        }
        if (wanted == 0 || !task.writes) {
            if (wanted == 0) {
                execute(task, plan);
            } else {
                // Data-out without the W flag: there is nothing to write.
                check(task, Sense.invalidFieldInCdb(0));
            }
            return;
        }
        if (task.expectedBytes > BufferPool.LARGEST_BYTES) {
            check(task, Sense.invalidFieldInCdb(0));
            return;
        }
        if (task.expectedBytes > 0 && task.buffer == null) {
            status(task, ScsiStatus.TASK_SET_FULL);
            return;
        }
        task.neededBytes = Math.min(wanted, task.expectedBytes);
        if (task.receivedBytes >= task.neededBytes) {
            execute(task, plan);
            return;
        }
        task.solicitedStart = task.receivedBytes;
        lock.lock();
        try {
            requestData(task);
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- data-out

    /** Asks for as many bursts as may be outstanding. Caller holds the lock. */
    private void requestData(ScsiTask task) {
        while (task.burstsAsked - task.burstDue < parameters.maxOutstandingR2T()
                && burstStart(task, task.burstsAsked) < task.neededBytes) {
            int burst = task.burstsAsked++;
            int start = burstStart(task, burst);
            int end = burstEnd(task, burst);
            responses.readyToTransfer(task, encodeLun(task.lun), burst, start, end);
        }
    }

    private int burstStart(ScsiTask task, int burst) {
        long start = task.solicitedStart + (long) burst * parameters.maxBurstLength();
        return (int) Math.min(start, task.neededBytes);
    }

    private int burstEnd(ScsiTask task, int burst) {
        return burstStart(task, burst + 1);
    }

    /** Where the data of a Data-Out goes; null when nothing waits for it. */
    @Nullable ByteBuffer dataOutBuffer(ByteBuffer bhs, int dataLength) {
        ScsiTask task = dataOutTask(bhs);
        if (task == null || task.buffer == null || !inSequence(task, bhs, dataLength)) {
            return null;
        }
        receiving = task;
        int offset = Bhs.word40(bhs);
        return task.buffer.bytes.duplicate().limit(offset + dataLength).position(offset);
    }

    private @Nullable ScsiTask dataOutTask(ByteBuffer bhs) {
        int tag = Bhs.initiatorTaskTag(bhs);
        int transferTag = Bhs.word20(bhs);
        lock.lock();
        try {
            if (transferTag == Bhs.RESERVED_TAG) {
                ScsiTask task = tasks.find(tag);
                return task != null && task.awaitingUnsolicited ? task : null;
            }
            int slot = transferTag >>> 16;
            ScsiTask task = tasks.atSlot(slot);
            boolean known =
                    task != null
                            && task.state == ScsiTask.State.COLLECTING
                            && task.initiatorTaskTag == tag
                            && (transferTag & 0xffff) == task.burstDue
                            && task.burstDue < task.burstsAsked;
            return known ? task : null;
        } finally {
            lock.unlock();
        }
    }

    /** DataPDUInOrder and DataSequenceInOrder are Yes: each PDU continues where the last ended. */
    private boolean inSequence(ScsiTask task, ByteBuffer bhs, int dataLength) {
        int limit =
                task.awaitingUnsolicited
                        ? Math.min(parameters.firstBurstLength(), task.expectedBytes)
                        : burstEnd(task, task.burstDue);
        return Bhs.word36(bhs) == task.dataSn
                && Bhs.word40(bhs) == task.receivedBytes
                && dataLength <= limit - task.receivedBytes;
    }

    void dataOut(ByteBuffer bhs, boolean dataDigestGood) {
        receiving = null;
        ScsiTask task = dataOutTask(bhs);
        if (task == null) {
            // Of a task that was aborted or answered meanwhile: nothing waits for it.
            return;
        }
        if (task.aborted) {
            discard(task);
            return;
        }
        int length = Bhs.dataLength(bhs);
        boolean last = (Bhs.flags(bhs) & Bhs.FINAL) != 0;
        if (!inSequence(task, bhs, length)) {
            // RFC 7143 7.9: without recovery a gap ends the task.
            task.awaitingUnsolicited = false;
            check(task, Sense.DATA_PHASE);
            return;
        }
        task.dataDigestFailed |= !dataDigestGood;
        task.receivedBytes += length;
        task.dataSn++;
        if (task.awaitingUnsolicited) {
            if (last) {
                task.awaitingUnsolicited = false;
                task.dataSn = 0;
                plan(task);
            }
            return;
        }
        boolean burstFull = task.receivedBytes == burstEnd(task, task.burstDue);
        if (last != burstFull) {
            check(task, Sense.DATA_PHASE);
            return;
        }
        if (last) {
            nextBurst(task);
        }
    }

    private void nextBurst(ScsiTask task) {
        task.dataSn = 0;
        lock.lock();
        try {
            task.burstDue++;
            if (task.receivedBytes < task.neededBytes) {
                requestData(task);
                return;
            }
        } finally {
            lock.unlock();
        }
        if (task.dataDigestFailed) {
            check(task, Sense.DATA_DIGEST);
        } else {
            execute(task, task.plan);
        }
    }

    // ---------------------------------------------------------------- execution

    private void execute(ScsiTask task, Plan plan) {
        switch (plan) {
            case Plan.Good() -> status(task, ScsiStatus.GOOD);
            case Plan.Check(Sense sense) -> check(task, sense);
            case Plan.Conflict() -> status(task, ScsiStatus.RESERVATION_CONFLICT);
            case Plan.Reply(ScsiData data, long allocation) ->
                    reply(task, ScsiDataCodec.encode(data), allocation);
            case Plan.ReadBlocks(long offset, int length) -> readBlocks(task, offset, length);
            case Plan.WriteBlocks write when !write.verify() && !write.atomic() ->
                    writeBlocks(task, write.offset(), task.receivedBytes);
            case Plan.Flush() -> flush(task);
            case Plan.AwaitParameters _ -> parameters(task);
            default -> compound(task);
        }
    }

    private void readBlocks(ScsiTask task, long offset, int length) {
        int wanted = task.reads ? Math.min(length, task.expectedBytes) : 0;
        if (wanted == 0) {
            answerRead(task, length);
            return;
        }
        int block = BlockLimits.BLOCK_BYTES;
        int rounded = (wanted + block - 1) / block * block;
        if (task.buffer == null) {
            task.buffer = pool.take(rounded);
        }
        if (task.buffer == null) {
            status(task, ScsiStatus.TASK_SET_FULL);
            return;
        }
        submit(task, offset, rounded);
    }

    /**
     * Whole blocks of what came; an initiator that announced less than the CDB gets less written.
     */
    private void writeBlocks(ScsiTask task, long offset, int received) {
        int length = Math.min(received, task.plan.dataOutBytes());
        length -= length % BlockLimits.BLOCK_BYTES;
        BufferPool.Buffer buffer = task.buffer;
        if (length == 0 || buffer == null) {
            status(task, ScsiStatus.GOOD);
            return;
        }
        buffer.bytes.position(0).limit(length);
        submit(task, offset, length);
    }

    private void submit(ScsiTask task, long offset, int length) {
        LogicalUnit unit = unitOf(task);
        if (!enterExecuting(task)) {
            return;
        }
        task.rangeStart = offset;
        task.rangeEnd = offset + length;
        unit.ranges().acquire(task);
    }

    private boolean enterExecuting(ScsiTask task) {
        lock.lock();
        try {
            if (task.aborted || closed) {
                tasks.release(task);
                return false;
            }
            task.state = ScsiTask.State.EXECUTING;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The range is held; the volume takes the buffer until {@link #ioDone}. */
    void startIo(ScsiTask task) {
        LogicalUnit unit = unitOf(task);
        BufferPool.Buffer buffer = task.buffer;
        if (buffer == null) {
            throw new IllegalStateException("I/O without a buffer");
        }
        try {
            startIo(task, unit, buffer);
        } catch (RuntimeException e) {
            LOG.error("volume {} failed to take a request", unit.volume().id(), e);
            ioDone(task, IoStatus.MEDIUM_ERROR);
        }
    }

    private static void startIo(ScsiTask task, LogicalUnit unit, BufferPool.Buffer buffer) {
        if (task.plan instanceof Plan.WriteBlocks write) {
            unit.countWrite(buffer.bytes.remaining());
            boolean through = unit.throughToDisk(write.forceUnitAccess());
            unit.volume().write(write.offset(), buffer.bytes, through, task);
        } else {
            unit.countRead(buffer.bytes.remaining());
            unit.volume().read(task.rangeStart, buffer.bytes, task);
        }
    }

    private void flush(ScsiTask task) {
        LogicalUnit unit = unitOf(task);
        if (enterExecuting(task)) {
            unit.volume().flush(task);
        }
    }

    /** A volume's thread says that a read, write or flush has ended. */
    void ioDone(ScsiTask task, IoStatus status) {
        LogicalUnit unit = unitOf(task);
        if (!(task.plan instanceof Plan.Flush)) {
            unit.ranges().release(task);
        }
        if (status != IoStatus.OK) {
            failed(task, status);
        } else if (task.plan instanceof Plan.ReadBlocks(long _, int length)) {
            answerRead(task, length);
        } else {
            status(task, ScsiStatus.GOOD);
        }
        connection.flush();
    }

    private void failed(ScsiTask task, IoStatus status) {
        switch (status) {
            // The volume is moving: an initiator asks again after BUSY, here or on the new node.
            case NOT_PRIMARY -> status(task, ScsiStatus.BUSY);
            case OUT_OF_RANGE -> check(task, Sense.LBA_OUT_OF_RANGE);
            case NO_SPACE -> check(task, Sense.SPACE_ALLOCATION_FAILED);
            case MEDIUM_ERROR ->
                    check(task, task.writes ? Sense.WRITE_FAULT : Sense.UNRECOVERED_READ);
            case OK -> throw new IllegalStateException("not a failure");
        }
    }

    private void parameters(ScsiTask task) {
        LogicalUnit unit = unitOf(task);
        BufferPool.Buffer buffer = task.buffer;
        int length = Math.min(task.receivedBytes, task.plan.dataOutBytes());
        if (buffer == null || length < task.plan.dataOutBytes()) {
            check(task, Sense.PARAMETER_LIST_LENGTH);
            return;
        }
        ByteBuffer list = buffer.bytes.duplicate().position(0).limit(length);
        Plan next =
                unit.planWithParameters(
                        task.command, ParameterCodec.decode(task.command, list), nexus);
        if (task.command instanceof ScsiCommand.PersistentReserveOut) {
            abortPreempted(unit);
        }
        task.plan = next;
        onceKept(task, () -> execute(task, next));
    }

    private void abortPreempted(LogicalUnit unit) {
        List<Nexus> preempted = unit.query(model -> model.takeAbortRequests());
        if (preempted.isEmpty()) {
            return;
        }
        TaskManagement nobodyWaits = new TaskManagement(() -> {});
        for (FullFeaturePhase session : target.sessions()) {
            if (preempted.contains(session.nexus())) {
                session.abort(task -> task.unit == unit, nobodyWaits);
            }
        }
    }

    private void compound(ScsiTask task) {
        LogicalUnit unit = unitOf(task);
        if (enterExecuting(task)) {
            service.compoundCommands()
                    .execute(
                            target,
                            unit,
                            task.plan,
                            task.buffer,
                            task.receivedBytes,
                            outcome -> compoundDone(task, outcome));
        }
    }

    private void compoundDone(ScsiTask task, CompoundCommands.Outcome outcome) {
        switch (outcome) {
            case CompoundCommands.Outcome.Good() -> status(task, ScsiStatus.GOOD);
            case CompoundCommands.Outcome.Busy() -> status(task, ScsiStatus.BUSY);
            case CompoundCommands.Outcome.Failed(Sense sense) -> check(task, sense);
            case CompoundCommands.Outcome.Data(ScsiData data, long allocation) ->
                    reply(task, ScsiDataCodec.encode(data), allocation);
        }
        connection.flush();
    }

    private static LogicalUnit unitOf(ScsiTask task) {
        LogicalUnit unit = task.unit;
        if (unit == null) {
            throw new IllegalStateException("a task without a unit");
        }
        return unit;
    }

    // ---------------------------------------------------------------- waiting for a unit

    private void park(ScsiTask task) {
        lock.lock();
        try {
            parked.add(task);
        } finally {
            lock.unlock();
        }
    }

    /** A unit has come: whoever waits looks again, in the loop's thread. */
    void resumeParked() {
        connection.loop().execute(() -> replanParked(false));
    }

    /** Commands that wait for a unit get BUSY when their patience may be at an end. */
    void giveUpParked() {
        connection.loop().execute(() -> replanParked(true));
    }

    private void replanParked(boolean giveUp) {
        List<ScsiTask> again;
        lock.lock();
        try {
            again = List.copyOf(parked);
            parked.clear();
        } finally {
            lock.unlock();
        }
        for (ScsiTask task : again) {
            if (giveUp) {
                status(task, ScsiStatus.BUSY);
            } else {
                plan(task);
            }
        }
        connection.flush();
    }

    // ---------------------------------------------------------------- answers

    /** Sends what was read, the status with the last segment (phase collapse). */
    private void answerRead(ScsiTask task, int available) {
        int sent = task.reads ? Math.min(available, task.expectedBytes) : 0;
        lock.lock();
        try {
            if (dead(task)) {
                return;
            }
            if (sent == 0) {
                tasks.leaveWindow(task);
                responses.scsiResponse(task, ScsiStatus.GOOD, available, null);
                tasks.release(task);
                return;
            }
            task.state = ScsiTask.State.ANSWERED;
            tasks.leaveWindow(task);
            responses.dataIn(task, sent, available);
        } finally {
            lock.unlock();
        }
    }

    /** Small data from a reply, cut off at the allocation length. */
    private void reply(ScsiTask task, byte[] bytes, long allocationLength) {
        int available = (int) Math.min(bytes.length, allocationLength);
        if (task.buffer == null || task.buffer.bytes.capacity() < available) {
            BufferPool.Buffer bigger = pool.take(Math.max(1, available));
            if (bigger == null) {
                status(task, ScsiStatus.TASK_SET_FULL);
                return;
            }
            tasks.giveBack(task);
            task.buffer = bigger;
        }
        task.buffer.bytes.clear().put(0, bytes, 0, available);
        answerRead(task, available);
    }

    private void status(ScsiTask task, int status) {
        lock.lock();
        try {
            if (!dead(task)) {
                tasks.leaveWindow(task);
                responses.scsiResponse(task, status, transferred(task, status), null);
                tasks.release(task);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the command would have moved, for the residual count. */
    private static int transferred(ScsiTask task, int status) {
        return status == ScsiStatus.GOOD ? task.plan.dataOutBytes() : 0;
    }

    private void check(ScsiTask task, Sense sense) {
        LogicalUnit unit = task.unit;
        byte[] senseBytes = SenseCodec.encode(sense, unit != null && unit.descriptorSense());
        lock.lock();
        try {
            if (!dead(task)) {
                tasks.leaveWindow(task);
                responses.scsiResponse(task, ScsiStatus.CHECK_CONDITION, 0, senseBytes);
                tasks.release(task);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the task may not be answered any more; then it is let go. Caller holds the lock. */
    private boolean dead(ScsiTask task) {
        if (task.aborted || closed) {
            tasks.leaveWindow(task);
            tasks.release(task);
            return true;
        }
        return false;
    }

    void answerSent(ScsiTask task) {
        tasks.release(task);
    }

    /** Lets go of an aborted task without an answer. */
    private void discard(ScsiTask task) {
        lock.lock();
        try {
            tasks.leaveWindow(task);
            tasks.release(task);
        } finally {
            lock.unlock();
        }
    }

    /** The command came outside its window. */
    void drop(ScsiTask task) {
        discard(task);
    }

    // ---------------------------------------------------------------- the end

    /** Aborts what matches; says whether anything did. May be called for another connection. */
    boolean abort(Predicate<ScsiTask> which, TaskManagement management) {
        lock.lock();
        try {
            // A collecting task's buffer may be filling right now, and only the event loop knows.
            return tasks.abort(which, management, () -> connection.loop().execute(this::sweep));
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        lock.lock();
        try {
            tasks.sweep(closed, task -> task == incoming || task == receiving);
            parked.removeIf(task -> task.state == ScsiTask.State.FREE);
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed: tasks end as the volume lets go of them. */
    void close() {
        lock.lock();
        try {
            closed = true;
            parked.clear();
        } finally {
            lock.unlock();
        }
        connection.loop().execute(this::sweep);
    }

    private static long encodeLun(int lun) {
        return (lun < 256 ? (long) lun : 0x4000L | lun) << 48;
    }
}
