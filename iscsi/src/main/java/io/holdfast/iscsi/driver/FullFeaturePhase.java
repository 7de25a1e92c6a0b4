package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.CdbCodec;
import io.holdfast.iscsi.codec.Crc32cDigest;
import io.holdfast.iscsi.codec.MalformedPduException;
import io.holdfast.iscsi.codec.Opcode;
import io.holdfast.iscsi.codec.ParameterCodec;
import io.holdfast.iscsi.codec.ScsiDataCodec;
import io.holdfast.iscsi.codec.SenseCodec;
import io.holdfast.iscsi.core.login.LoginStep;
import io.holdfast.iscsi.core.login.SessionParameters;
import io.holdfast.iscsi.core.scsi.AbsentUnit;
import io.holdfast.iscsi.core.scsi.BlockLimits;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.scsi.ScsiCommand;
import io.holdfast.iscsi.core.scsi.ScsiData;
import io.holdfast.iscsi.core.scsi.ScsiStatus;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.iscsi.core.session.CommandWindow;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The full feature phase of a session (RFC 7143 chapters 4, 8 and 11), one connection each.
 *
 * <p>Requests come in the event loop's thread; completions come from the volume's. What both touch
 * (task table, window, StatSN, outbox) is behind the connection's lock, which is never held while a
 * volume or another connection is called.
 */
final class FullFeaturePhase implements PduAssembler.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(FullFeaturePhase.class);

    /** Immediate commands do not count in the window, so they get places of their own. */
    private static final int IMMEDIATE_PLACES = 32;

    private static final int MAX_CONTROL_DATA = 65_536;

    private static final int REJECT_DATA_DIGEST = 0x02;
    private static final int REJECT_PROTOCOL_ERROR = 0x04;
    private static final int REJECT_NOT_SUPPORTED = 0x05;
    private static final int REJECT_TOO_MANY_IMMEDIATE = 0x06;

    private final TargetConnection connection;
    private final IscsiTargetService service;
    private final @Nullable Target target;
    private final LoginStep.LoggedIn who;
    private final SessionParameters parameters;
    private final int tsih;
    private final Nexus nexus;
    private final ReentrantLock lock;
    private final Outbox outbox;
    private final BufferPool pool;
    private final LongAdder commands = new LongAdder();
    private final Crc32cDigest dataCrc = new Crc32cDigest();

    private final int depth;
    private final CommandWindow window;
    private final @Nullable ScsiTask[] tasks;
    private final int[] freeSlots;
    private int freeCount;
    private final Map<Integer, Runnable> early = new HashMap<>();
    private final List<ScsiTask> parked = new ArrayList<>();
    private int statSn;
    private boolean closed;

    /** The task whose command PDU, or whose Data-Out, is being read right now. */
    private @Nullable ScsiTask incoming;

    private @Nullable ScsiTask receiving;
    private @Nullable ByteBuffer controlData;
    private @Nullable SendTargets sendTargets;
    private volatile long pingSentNanos;

    FullFeaturePhase(
            TargetConnection connection,
            IscsiTargetService service,
            @Nullable Target target,
            LoginStep.LoggedIn who,
            int tsih,
            int firstCmdSn,
            int firstStatSn) {
        this.connection = connection;
        this.service = service;
        this.target = target;
        this.who = who;
        this.parameters = who.parameters();
        this.tsih = tsih;
        this.nexus = new Nexus(who.initiatorName(), who.isid());
        this.lock = connection.lock();
        this.outbox = connection.outbox();
        this.pool = service.pool();
        this.statSn = firstStatSn;
        this.depth = target == null ? 1 : target.config().options().queuedCommands();
        this.window = new CommandWindow(depth, firstCmdSn);
        this.tasks = new ScsiTask[depth + IMMEDIATE_PLACES];
        this.freeSlots = new int[tasks.length];
        for (int slot = tasks.length - 1; slot >= 0; slot--) {
            freeSlots[freeCount++] = slot;
        }
    }

    Nexus nexus() {
        return nexus;
    }

    /** The width of the command window. */
    int depth() {
        return depth;
    }

    LoginStep.LoggedIn who() {
        return who;
    }

    int tsih() {
        return tsih;
    }

    @Nullable Target target() {
        return target;
    }

    // ---------------------------------------------------------------- PDUs in

    @Override
    public @Nullable ByteBuffer destination(ByteBuffer bhs, int dataLength) {
        return switch (Bhs.opcode(bhs)) {
            case Opcode.SCSI_COMMAND -> immediateDataBuffer(bhs, dataLength);
            case Opcode.DATA_OUT -> dataOutBuffer(bhs, dataLength);
            default -> {
                if (dataLength > MAX_CONTROL_DATA) {
                    throw new MalformedPduException(
                            "PDU " + Bhs.opcode(bhs) + " with " + dataLength + " bytes of data");
                }
                ByteBuffer buffer = ByteBuffer.allocate(dataLength);
                controlData = buffer;
                yield buffer;
            }
        };
    }

    @Override
    public void pdu(ByteBuffer bhs, boolean dataDigestGood) {
        int opcode = Bhs.opcode(bhs);
        if (!dataDigestGood && opcode != Opcode.SCSI_COMMAND && opcode != Opcode.DATA_OUT) {
            controlData = null;
            reject(bhs, REJECT_DATA_DIGEST);
            return;
        }
        switch (opcode) {
            case Opcode.SCSI_COMMAND -> scsiCommand(bhs, dataDigestGood);
            case Opcode.DATA_OUT -> dataOut(bhs, dataDigestGood);
            case Opcode.NOP_OUT -> nopOut(bhs);
            case Opcode.TASK_MANAGEMENT_REQUEST -> taskManagement(bhs);
            case Opcode.TEXT_REQUEST -> textRequest(bhs);
            case Opcode.LOGOUT_REQUEST -> logout(bhs);
            case Opcode.LOGIN_REQUEST -> reject(bhs, REJECT_PROTOCOL_ERROR);
            default -> reject(bhs, REJECT_NOT_SUPPORTED);
        }
    }

    private @Nullable ByteBuffer takeControlData() {
        ByteBuffer data = controlData;
        controlData = null;
        return data == null ? null : data.flip();
    }

    // ---------------------------------------------------------------- SCSI commands

    private @Nullable ByteBuffer immediateDataBuffer(ByteBuffer bhs, int dataLength) {
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
        task.lun = decodeLun(Bhs.lun(bhs));
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
            if (freeCount == 0) {
                return null;
            }
            int slot = freeSlots[--freeCount];
            ScsiTask task = tasks[slot];
            if (task == null) {
                task = new ScsiTask(this, slot);
                tasks[slot] = task;
            }
            task.state = ScsiTask.State.COLLECTING;
            return task;
        } finally {
            lock.unlock();
        }
    }

    private void scsiCommand(ByteBuffer bhs, boolean dataDigestGood) {
        ScsiTask task = incoming;
        incoming = null;
        if (task == null) {
            task = Bhs.dataLength(bhs) == 0 ? newTask(bhs) : null;
        }
        if (task == null) {
            if (Bhs.immediate(bhs)) {
                reject(bhs, REJECT_TOO_MANY_IMMEDIATE);
            }
            // A counted command without a place lies outside the window: ignored, RFC 7143 4.2.2.1.
            return;
        }
        task.dataDigestFailed = !dataDigestGood;
        if (target == null) {
            // A discovery session has no units, RFC 7143 4.3.
            drop(task);
            reject(bhs, REJECT_PROTOCOL_ERROR);
            return;
        }
        commands.increment();
        ScsiTask started = task;
        if (!task.counted) {
            begin(started);
            return;
        }
        inOrder(task.cmdSn, () -> begin(started), () -> drop(started));
    }

    /** Runs requests in the order of their CmdSN; those outside the window are ignored. */
    private void inOrder(int cmdSn, Runnable request, Runnable ignored) {
        CommandWindow.Arrival arrival;
        lock.lock();
        try {
            arrival = window.classify(cmdSn);
            if (arrival == CommandWindow.Arrival.NEXT) {
                window.begun();
            } else if (arrival == CommandWindow.Arrival.EARLY) {
                if (early.putIfAbsent(cmdSn, request) != null) {
                    arrival = CommandWindow.Arrival.OUTSIDE;
                }
            }
        } finally {
            lock.unlock();
        }
        switch (arrival) {
            case NEXT -> {
                request.run();
                runEarly();
            }
            case EARLY -> {}
            case OUTSIDE -> ignored.run();
        }
    }

    private void runEarly() {
        while (!early.isEmpty()) {
            Runnable next;
            lock.lock();
            try {
                next = early.remove(window.expectedCmdSn());
                if (next != null) {
                    window.begun();
                }
            } finally {
                lock.unlock();
            }
            if (next == null) {
                return;
            }
            next.run();
        }
    }

    /** A request that took a place in the window and needs it no longer. */
    private void finishedInWindow(boolean counted) {
        if (counted) {
            window.finished();
        }
    }

    private void finishedInWindow(ScsiTask task) {
        finishedInWindow(task.inWindow);
        task.inWindow = false;
    }

    /** All immediate data is there: plan, unless unsolicited data is still to come. */
    private void begin(ScsiTask task) {
        task.inWindow = task.counted;
        if (task.aborted) {
            discard(task);
        } else if (!task.awaitingUnsolicited) {
            plan(task);
        }
    }

    private void plan(ScsiTask task) {
        Target served = target;
        if (served == null) {
            throw new IllegalStateException("a discovery session plans nothing");
        }
        if (task.dataDigestFailed) {
            check(task, Sense.DATA_DIGEST);
            return;
        }
        LogicalUnit unit = served.unit(task.lun);
        if (unit == null) {
            planWithoutUnit(task, served);
            return;
        }
        task.unit = unit;
        dispatch(task, unit.plan(task.command, nexus, served.luns()));
    }

    private void planWithoutUnit(ScsiTask task, Target served) {
        boolean answersNow = AbsentUnit.answers(task.command);
        if (served.awaitsUnits() && !answersNow) {
            park(task);
            return;
        }
        dispatch(task, AbsentUnit.plan(task.command, served.nobody(), served.luns()));
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
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.READY_TO_TRANSFER, Bhs.FINAL, 0);
            pdu.header.putLong(8, encodeLun(task.lun));
            pdu.header.putInt(16, task.initiatorTaskTag);
            pdu.header.putInt(20, task.slot << 16 | burst);
            // RFC 7143 11.8: the next StatSN, which an R2T does not use up.
            pdu.header.putInt(24, statSn);
            putWindow(pdu.header);
            pdu.header.putInt(36, burst);
            pdu.header.putInt(40, start);
            pdu.header.putInt(44, burstEnd(task, burst) - start);
            outbox.add(pdu, null, null);
        }
    }

    private int burstStart(ScsiTask task, int burst) {
        long start = task.solicitedStart + (long) burst * parameters.maxBurstLength();
        return (int) Math.min(start, task.neededBytes);
    }

    private int burstEnd(ScsiTask task, int burst) {
        return burstStart(task, burst + 1);
    }

    private @Nullable ByteBuffer dataOutBuffer(ByteBuffer bhs, int dataLength) {
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
                ScsiTask task = findTask(tag);
                return task != null && task.awaitingUnsolicited ? task : null;
            }
            int slot = transferTag >>> 16;
            ScsiTask task = slot < tasks.length ? tasks[slot] : null;
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

    private @Nullable ScsiTask findTask(int initiatorTaskTag) {
        for (ScsiTask task : tasks) {
            if (task != null
                    && task.initiatorTaskTag == initiatorTaskTag
                    && (task.state == ScsiTask.State.COLLECTING
                            || task.state == ScsiTask.State.EXECUTING)) {
                return task;
            }
        }
        return null;
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

    private void dataOut(ByteBuffer bhs, boolean dataDigestGood) {
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
                release(task);
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
            unit.volume().write(write.offset(), buffer.bytes, write.forceUnitAccess(), task);
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
            service.reservationsChanged(unit);
            abortPreempted(unit);
        }
        task.plan = next;
        execute(task, next);
    }

    private void abortPreempted(LogicalUnit unit) {
        List<Nexus> preempted = unit.query(model -> model.takeAbortRequests());
        Target served = target;
        if (served == null || preempted.isEmpty()) {
            return;
        }
        TaskManagement nobodyWaits = new TaskManagement(() -> {});
        for (FullFeaturePhase session : served.sessions()) {
            if (preempted.contains(session.nexus())) {
                session.abortTasks(task -> task.unit == unit, nobodyWaits);
            }
        }
    }

    private void compound(ScsiTask task) {
        LogicalUnit unit = unitOf(task);
        Target served = target;
        if (served != null && enterExecuting(task)) {
            service.compoundCommands()
                    .execute(
                            served,
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
                scsiResponse(task, ScsiStatus.GOOD, available, null);
                release(task);
                return;
            }
            task.state = ScsiTask.State.ANSWERED;
            finishedInWindow(task);
            dataIn(task, sent, available);
        } finally {
            lock.unlock();
        }
    }

    private void dataIn(ScsiTask task, int sent, int available) {
        BufferPool.Buffer buffer = task.buffer;
        if (buffer == null) {
            throw new IllegalStateException("data-in without a buffer");
        }
        int dataSn = 0;
        int burst = parameters.maxBurstLength();
        for (int offset = 0; offset < sent; ) {
            int burstEnd = Math.min(sent, (offset / burst + 1) * burst);
            int length = Math.min(burstEnd - offset, parameters.maxTransmit());
            boolean last = offset + length == sent;
            int flags = offset + length == burstEnd ? Bhs.FINAL : 0;
            Outbox.Pdu pdu = outbox.take();
            if (last) {
                flags |= Bhs.STATUS | residualFlags(available, task.expectedBytes);
            }
            Bhs.begin(pdu.header, Opcode.DATA_IN, flags, length);
            pdu.header.putInt(16, task.initiatorTaskTag);
            pdu.header.putInt(20, Bhs.RESERVED_TAG);
            if (last) {
                pdu.header.putInt(24, statSn++);
                pdu.header.putInt(44, residual(available, task.expectedBytes));
            }
            putWindow(pdu.header);
            pdu.header.putInt(36, dataSn++);
            pdu.header.putInt(40, offset);
            boolean whole = length == sent;
            ByteBuffer data =
                    whole
                            ? buffer.bytes.position(0).limit(length)
                            : buffer.bytes.slice(offset, length);
            finishData(pdu, data);
            outbox.add(pdu, data, last ? task : null);
            offset += length;
        }
    }

    private void finishData(Outbox.Pdu pdu, ByteBuffer data) {
        int padding = Bhs.padding(data.remaining());
        pdu.trailer.clear().putInt(0, 0).limit(padding);
        if (parameters.dataDigest()) {
            dataCrc.reset();
            dataCrc.update(data);
            dataCrc.pad(padding);
            pdu.trailer.limit(padding + Bhs.DIGEST_BYTES).putInt(padding, dataCrc.wireValue());
        }
    }

    /** Overflow when the initiator expected less than there is, underflow when more. */
    private static int residualFlags(int available, int expected) {
        return available > expected ? Bhs.OVERFLOW : available < expected ? Bhs.UNDERFLOW : 0;
    }

    private static int residual(int available, int expected) {
        return Math.abs(available - expected);
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
            giveBack(task);
            task.buffer = bigger;
        }
        task.buffer.bytes.clear().put(0, bytes, 0, available);
        answerRead(task, available);
    }

    private void status(ScsiTask task, int status) {
        lock.lock();
        try {
            if (!dead(task)) {
                scsiResponse(task, status, transferred(task, status), null);
                release(task);
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
                scsiResponse(task, ScsiStatus.CHECK_CONDITION, 0, senseBytes);
                release(task);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. The window opens with the answer, so it is told first. */
    private void scsiResponse(
            ScsiTask task, int status, int available, byte @Nullable [] senseBytes) {
        finishedInWindow(task);
        int expected = task.reads || task.writes ? task.expectedBytes : 0;
        int dataLength = senseBytes == null ? 0 : senseBytes.length + 2;
        Outbox.Pdu pdu = outbox.take();
        int flags = Bhs.FINAL | residualFlags(available, expected);
        Bhs.begin(pdu.header, Opcode.SCSI_RESPONSE, flags, dataLength);
        pdu.header.put(3, (byte) status);
        pdu.header.putInt(16, task.initiatorTaskTag);
        pdu.header.putInt(24, statSn++);
        putWindow(pdu.header);
        pdu.header.putInt(36, task.burstsAsked);
        pdu.header.putInt(44, residual(available, expected));
        ByteBuffer data = null;
        if (senseBytes != null) {
            data = ByteBuffer.allocate(dataLength).putShort((short) senseBytes.length);
            data.put(senseBytes).flip();
            finishData(pdu, data);
        }
        outbox.add(pdu, data, null);
    }

    private void putWindow(ByteBuffer header) {
        // Reading MaxCmdSN may raise it, so ExpCmdSN goes out with the same view.
        header.putInt(28, window.expectedCmdSn());
        header.putInt(32, window.maxCmdSn());
    }

    /** Whether the task may not be answered any more; then it is let go. Caller holds the lock. */
    private boolean dead(ScsiTask task) {
        if (task.aborted || closed) {
            finishedInWindow(task);
            release(task);
            return true;
        }
        return false;
    }

    void answerSent(ScsiTask task) {
        release(task);
    }

    /** Lets go of an aborted task without an answer. */
    private void discard(ScsiTask task) {
        lock.lock();
        try {
            finishedInWindow(task);
            release(task);
        } finally {
            lock.unlock();
        }
    }

    private void drop(ScsiTask task) {
        lock.lock();
        try {
            release(task);
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private void release(ScsiTask task) {
        if (task.state == ScsiTask.State.FREE) {
            return;
        }
        giveBack(task);
        TaskManagement waiter = task.waiter;
        task.reset();
        freeSlots[freeCount++] = task.slot;
        if (waiter != null) {
            // Not under our lock: the answer goes out on the connection that asked.
            connection.loop().execute(waiter::release);
        }
    }

    private void giveBack(ScsiTask task) {
        BufferPool.Buffer buffer = task.buffer;
        task.buffer = null;
        if (buffer != null) {
            pool.giveBack(buffer);
        }
    }

    // ---------------------------------------------------------------- NOP

    private void nopOut(ByteBuffer bhs) {
        ByteBuffer data = takeControlData();
        int tag = Bhs.initiatorTaskTag(bhs);
        pingSentNanos = 0;
        if (tag == Bhs.RESERVED_TAG) {
            return;
        }
        long lunField = Bhs.lun(bhs);
        boolean counted = !Bhs.immediate(bhs);
        Runnable answer = () -> nopIn(tag, lunField, data, counted);
        if (counted) {
            inOrder(Bhs.word24(bhs), answer, () -> {});
        } else {
            answer.run();
        }
    }

    private void nopIn(int tag, long lunField, @Nullable ByteBuffer data, boolean counted) {
        int length = data == null ? 0 : Math.min(data.remaining(), parameters.maxTransmit());
        lock.lock();
        try {
            finishedInWindow(counted);
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.NOP_IN, Bhs.FINAL, length);
            pdu.header.putLong(8, lunField);
            pdu.header.putInt(16, tag);
            pdu.header.putInt(20, Bhs.RESERVED_TAG);
            pdu.header.putInt(24, statSn++);
            putWindow(pdu.header);
            ByteBuffer echoed = null;
            if (data != null && length > 0) {
                echoed = data.slice(0, length);
                finishData(pdu, echoed);
            }
            outbox.add(pdu, echoed, null);
            closeWhenOverfull();
        } finally {
            lock.unlock();
        }
    }

    private void closeWhenOverfull() {
        if (outbox.overfull()) {
            throw new MalformedPduException("the initiator asks without reading the answers");
        }
    }

    /** Called once a second or so: asks an idle initiator whether it is there. */
    void checkLiveness(long now) {
        Target served = target;
        if (served == null) {
            return;
        }
        if (!served.awaitsUnits()) {
            connection.loop().execute(() -> replanParked(false));
        }
        long interval = served.config().options().nopInInterval() * 1_000_000_000L;
        long timeout = served.config().options().nopInTimeout() * 1_000_000_000L;
        long heard = connection.lastHeardNanos();
        long asked = pingSentNanos;
        if (asked != 0 && now - asked > timeout && now - heard > timeout) {
            end("the initiator did not answer a NOP-In for " + timeout / 1_000_000_000L + " s");
        } else if (interval != 0 && asked == 0 && now - heard > interval) {
            ping(now);
        }
    }

    private void ping(long now) {
        pingSentNanos = now;
        lock.lock();
        try {
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.NOP_IN, Bhs.FINAL, 0);
            pdu.header.putInt(16, Bhs.RESERVED_TAG);
            pdu.header.putInt(20, 1);
            pdu.header.putInt(24, statSn);
            putWindow(pdu.header);
            outbox.add(pdu, null, null);
        } finally {
            lock.unlock();
        }
        connection.flush();
    }

    /** Commands that wait for a unit get BUSY when their patience may be at an end. */
    void giveUpParked() {
        connection.loop().execute(() -> replanParked(true));
    }

    // ---------------------------------------------------------------- task management

    private void taskManagement(ByteBuffer bhs) {
        takeControlData();
        int function = Bhs.flags(bhs) & 0x7f;
        int tag = Bhs.initiatorTaskTag(bhs);
        int referencedTag = Bhs.word20(bhs);
        int lun = decodeLun(Bhs.lun(bhs));
        boolean counted = !Bhs.immediate(bhs);
        Runnable perform = () -> perform(function, tag, referencedTag, lun, counted);
        if (counted) {
            inOrder(Bhs.word24(bhs), perform, () -> {});
        } else {
            perform.run();
        }
    }

    /** Functions and responses of RFC 7143 11.5.1 and 11.6.1. */
    private void perform(int function, int tag, int referencedTag, int lun, boolean counted) {
        Target served = target;
        if (served == null) {
            taskManagementResponse(tag, 255, counted);
            return;
        }
        LogicalUnit unit = served.unit(lun);
        boolean needsUnit = function >= 2 && function <= 5;
        if (needsUnit && unit == null) {
            taskManagementResponse(tag, 2, counted);
            return;
        }
        switch (function) {
            case 1 -> abortTask(tag, referencedTag, counted);
            case 2 -> {
                TaskManagement management = answering(tag, counted);
                abortTasks(task -> task.lun == lun, management);
                management.release();
            }
            case 4 -> clearTaskSet(served, lun, answering(tag, counted));
            case 5 -> resetUnits(served, List.of(unitOrThrow(unit)), answering(tag, counted));
            case 6 -> resetUnits(served, served.units(), answering(tag, counted));
            case 7 -> coldReset(served, tag, counted);
            default -> taskManagementResponse(tag, 5, counted);
        }
    }

    private static LogicalUnit unitOrThrow(@Nullable LogicalUnit unit) {
        if (unit == null) {
            throw new IllegalStateException("checked before");
        }
        return unit;
    }

    private TaskManagement answering(int tag, boolean counted) {
        return new TaskManagement(() -> taskManagementResponse(tag, 0, counted));
    }

    private void abortTask(int tag, int referencedTag, boolean counted) {
        TaskManagement management = answering(tag, counted);
        boolean found = abortTasks(task -> task.initiatorTaskTag == referencedTag, management);
        if (found) {
            management.release();
        } else {
            taskManagementResponse(tag, 1, counted);
        }
    }

    private void clearTaskSet(Target served, int lun, TaskManagement management) {
        for (FullFeaturePhase session : served.sessions()) {
            boolean hit = session.abortTasks(task -> task.lun == lun, management);
            LogicalUnit unit = served.unit(lun);
            if (hit && session != this && unit != null) {
                unit.update(model -> model.tell(session.nexus(), Sense.COMMANDS_CLEARED));
            }
        }
        management.release();
    }

    private void resetUnits(Target served, List<LogicalUnit> units, TaskManagement management) {
        List<Integer> numbers = units.stream().map(LogicalUnit::number).toList();
        for (FullFeaturePhase session : served.sessions()) {
            session.abortTasks(task -> numbers.contains(task.lun), management);
        }
        for (LogicalUnit unit : units) {
            unit.update(model -> model.reset(nexus));
        }
        management.release();
    }

    private void coldReset(Target served, int tag, boolean counted) {
        resetUnits(served, served.units(), new TaskManagement(() -> {}));
        taskManagementResponse(tag, 0, counted);
        // RFC 7143 11.5.1: after a cold reset every connection of the target is closed.
        for (FullFeaturePhase session : served.sessions()) {
            if (session != this) {
                session.end("another initiator asked for a cold reset of the target");
            }
        }
        lock.lock();
        try {
            outbox.closeWhenEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Aborts what matches; says whether anything did. May be called for another connection. */
    boolean abortTasks(java.util.function.Predicate<ScsiTask> which, TaskManagement management) {
        boolean any = false;
        lock.lock();
        try {
            for (ScsiTask task : tasks) {
                boolean live =
                        task != null
                                && !task.aborted
                                && (task.state == ScsiTask.State.COLLECTING
                                        || task.state == ScsiTask.State.EXECUTING);
                if (task == null || !live || !which.test(task)) {
                    continue;
                }
                any = true;
                abort(task, management);
            }
        } finally {
            lock.unlock();
        }
        return any;
    }

    private void abort(ScsiTask task, TaskManagement management) {
        task.aborted = true;
        if (task.plan instanceof Plan.SanitizeAll) {
            // SBC-3 4.11: no task management function ends it, so none waits for its end.
            return;
        }
        task.waiter = management;
        management.add();
        if (task.state == ScsiTask.State.COLLECTING) {
            // Its buffer may be filling right now, and only the event loop knows.
            connection.loop().execute(this::sweep);
        }
    }

    /** Lets go of aborted tasks that still collected data; in the event loop's thread. */
    private void sweep() {
        lock.lock();
        try {
            for (ScsiTask task : tasks) {
                boolean collecting = task != null && task.state == ScsiTask.State.COLLECTING;
                if (task == null || !collecting || !(task.aborted || closed)) {
                    continue;
                }
                boolean filling = task == incoming || task == receiving;
                boolean awaitsTurn = task.counted && !task.inWindow;
                if (closed || !(filling || awaitsTurn)) {
                    parked.remove(task);
                    finishedInWindow(task);
                    release(task);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void taskManagementResponse(int tag, int response, boolean counted) {
        lock.lock();
        try {
            finishedInWindow(counted);
            if (closed) {
                return;
            }
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.TASK_MANAGEMENT_RESPONSE, Bhs.FINAL, 0);
            pdu.header.put(2, (byte) response);
            pdu.header.putInt(16, tag);
            pdu.header.putInt(24, statSn++);
            putWindow(pdu.header);
            outbox.add(pdu, null, null);
        } finally {
            lock.unlock();
        }
        connection.flush();
    }

    // ---------------------------------------------------------------- text, logout, reject

    private void textRequest(ByteBuffer bhs) {
        ByteBuffer data = takeControlData();
        int tag = Bhs.initiatorTaskTag(bhs);
        int transferTag = Bhs.word20(bhs);
        boolean counted = !Bhs.immediate(bhs);
        Runnable answer = () -> text(tag, transferTag, data, counted);
        if (counted) {
            inOrder(Bhs.word24(bhs), answer, () -> {});
        } else {
            answer.run();
        }
    }

    private void text(int tag, int transferTag, @Nullable ByteBuffer data, boolean counted) {
        SendTargets answer = sendTargets;
        if (transferTag == Bhs.RESERVED_TAG || answer == null) {
            answer = SendTargets.answer(service, connection, who, data);
        }
        byte[] part = answer.nextPart(parameters.maxTransmit());
        sendTargets = answer.finished() ? null : answer;
        lock.lock();
        try {
            finishedInWindow(counted);
            Outbox.Pdu pdu = outbox.take();
            int flags = answer.finished() ? Bhs.FINAL : Bhs.CONTINUE;
            Bhs.begin(pdu.header, Opcode.TEXT_RESPONSE, flags, part.length);
            pdu.header.putInt(16, tag);
            pdu.header.putInt(20, answer.finished() ? Bhs.RESERVED_TAG : 1);
            pdu.header.putInt(24, statSn++);
            putWindow(pdu.header);
            ByteBuffer out = part.length == 0 ? null : ByteBuffer.wrap(part);
            if (out != null) {
                finishData(pdu, out);
            }
            outbox.add(pdu, out, null);
        } finally {
            lock.unlock();
        }
    }

    private void logout(ByteBuffer bhs) {
        takeControlData();
        int reason = Bhs.flags(bhs) & 0x7f;
        boolean known = reason <= 1;
        lock.lock();
        try {
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.LOGOUT_RESPONSE, Bhs.FINAL, 0);
            // 2: connection recovery is not supported.
            pdu.header.put(2, (byte) (known ? 0 : 2));
            pdu.header.putInt(16, Bhs.initiatorTaskTag(bhs));
            pdu.header.putInt(24, statSn++);
            if (!Bhs.immediate(bhs)
                    && window.classify(Bhs.word24(bhs)) == CommandWindow.Arrival.NEXT) {
                window.begun();
                window.finished();
            }
            putWindow(pdu.header);
            outbox.add(pdu, null, null);
            if (known) {
                outbox.closeWhenEmpty();
            }
        } finally {
            lock.unlock();
        }
    }

    private void reject(ByteBuffer bhs, int reason) {
        takeControlData();
        LOG.debug("rejecting PDU {} of {}: {}", Bhs.opcode(bhs), connection.initiator(), reason);
        ByteBuffer copy = ByteBuffer.allocate(Bhs.BYTES);
        copy.put(0, bhs, 0, Bhs.BYTES);
        lock.lock();
        try {
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.REJECT, Bhs.FINAL, Bhs.BYTES);
            pdu.header.put(2, (byte) reason);
            pdu.header.putInt(16, Bhs.RESERVED_TAG);
            pdu.header.putInt(24, statSn++);
            putWindow(pdu.header);
            finishData(pdu, copy);
            outbox.add(pdu, copy, null);
            closeWhenOverfull();
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- the end

    /** Asks the initiator to leave and closes at once, so that it reconnects at once. */
    void dismiss(String reason) {
        lock.lock();
        try {
            Outbox.Pdu pdu = outbox.take();
            Bhs.begin(pdu.header, Opcode.ASYNC_MESSAGE, Bhs.FINAL, 0);
            pdu.header.putInt(16, Bhs.RESERVED_TAG);
            pdu.header.putInt(24, statSn++);
            putWindow(pdu.header);
            // RFC 7143 11.9.1: event 3, the target drops all connections; no time to wait.
            pdu.header.put(36, (byte) 3);
            outbox.add(pdu, null, null);
        } finally {
            lock.unlock();
        }
        connection.flush();
        end(reason);
    }

    void end(String reason) {
        connection.close(reason);
    }

    /** The connection is closed: tasks end as the volume lets go of them. */
    void connectionClosed() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            parked.clear();
            early.clear();
        } finally {
            lock.unlock();
        }
        connection.loop().execute(this::sweep);
        if (target != null) {
            target.sessionEnded(this);
        }
    }

    TargetStatus.Session status() {
        return new TargetStatus.Session(
                who.initiatorName(),
                connection.initiator(),
                connection.portal(),
                who.isid(),
                tsih,
                parameters,
                commands.sum());
    }

    /** SAM-5 4.7: peripheral and flat addressing; anything else is a LUN that nobody has. */
    private static int decodeLun(long field) {
        int first = (int) (field >>> 48);
        boolean simple = (field & 0xffff_ffff_ffffL) == 0;
        return simple && first >>> 14 <= 1 ? first & 0x3fff : -1;
    }

    private static long encodeLun(int lun) {
        return (lun < 256 ? (long) lun : 0x4000L | lun) << 48;
    }
}
