package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.MalformedPduException;
import io.holdfast.iscsi.codec.Opcode;
import io.holdfast.iscsi.core.login.LoginStep;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.session.CommandWindow;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The full feature phase of a session (RFC 7143 chapters 4, 8 and 11), one connection each: puts
 * requests in the order of their CmdSN and hands them to {@link ScsiCommands} and {@link
 * TaskManagementFunctions}, or answers them itself.
 */
final class FullFeaturePhase implements PduAssembler.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(FullFeaturePhase.class);
    private static final int MAX_CONTROL_DATA = 65_536;

    private static final int REJECT_DATA_DIGEST = 0x02;
    private static final int REJECT_PROTOCOL_ERROR = 0x04;
    private static final int REJECT_NOT_SUPPORTED = 0x05;
    private static final int REJECT_TOO_MANY_IMMEDIATE = 0x06;
    private static final int TASK_MANAGEMENT_REJECTED = 255;

    private final TargetConnection connection;
    private final IscsiTargetService service;
    private final @Nullable Target target;
    private final LoginStep.LoggedIn who;
    private final int tsih;
    private final int depth;
    private final Nexus nexus;
    private final ReentrantLock lock;
    private final CommandWindow window;
    private final ResponseWriter responses;

    /** Both absent in a discovery session, which has no units. */
    private final @Nullable ScsiCommands scsi;

    private final @Nullable TaskManagementFunctions management;
    private final Map<Integer, Runnable> early = new HashMap<>();
    private final LongAdder commands = new LongAdder();
    private boolean closed;
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
        this.tsih = tsih;
        this.nexus = new Nexus(who.initiatorName(), who.isid());
        this.lock = connection.lock();
        this.depth = target == null ? 1 : target.config().options().queuedCommands();
        this.window = new CommandWindow(depth, firstCmdSn);
        this.responses =
                new ResponseWriter(connection.outbox(), who.parameters(), window, firstStatSn);
        if (target == null) {
            this.scsi = null;
            this.management = null;
        } else {
            TaskTable tasks = new TaskTable(connection, service.pool(), window, depth);
            this.scsi =
                    new ScsiCommands(
                            connection, service, target, who.parameters(), nexus, tasks, responses);
            this.management = new TaskManagementFunctions(target, this);
        }
    }

    Nexus nexus() {
        return nexus;
    }

    /** The width of the command window. */
    int depth() {
        return depth;
    }

    int tsih() {
        return tsih;
    }

    // ---------------------------------------------------------------- PDUs in

    @Override
    public @Nullable ByteBuffer destination(ByteBuffer bhs, int dataLength) {
        int opcode = Bhs.opcode(bhs);
        if (scsi != null && opcode == Opcode.SCSI_COMMAND) {
            return scsi.immediateDataBuffer(bhs, dataLength);
        }
        if (scsi != null && opcode == Opcode.DATA_OUT) {
            return scsi.dataOutBuffer(bhs, dataLength);
        }
        if (dataLength > MAX_CONTROL_DATA) {
            throw new MalformedPduException(
                    "PDU " + opcode + " with " + dataLength + " bytes of data");
        }
        ByteBuffer buffer = ByteBuffer.allocate(dataLength);
        controlData = buffer;
        return buffer;
    }

    @Override
    public void pdu(ByteBuffer bhs, boolean dataDigestGood) {
        int opcode = Bhs.opcode(bhs);
        if (scsi != null && opcode == Opcode.SCSI_COMMAND) {
            scsiCommand(scsi, bhs, dataDigestGood);
            return;
        }
        if (scsi != null && opcode == Opcode.DATA_OUT) {
            scsi.dataOut(bhs, dataDigestGood);
            return;
        }
        ByteBuffer data = takeControlData();
        if (!dataDigestGood) {
            reject(bhs, REJECT_DATA_DIGEST);
            return;
        }
        switch (opcode) {
            case Opcode.NOP_OUT -> nopOut(bhs, data);
            case Opcode.TASK_MANAGEMENT_REQUEST -> taskManagement(bhs);
            case Opcode.TEXT_REQUEST -> textRequest(bhs, data);
            case Opcode.LOGOUT_REQUEST -> logout(bhs);
            case Opcode.SCSI_COMMAND, Opcode.DATA_OUT, Opcode.LOGIN_REQUEST ->
                    reject(bhs, REJECT_PROTOCOL_ERROR);
            default -> reject(bhs, REJECT_NOT_SUPPORTED);
        }
    }

    private @Nullable ByteBuffer takeControlData() {
        ByteBuffer data = controlData;
        controlData = null;
        return data == null ? null : data.flip();
    }

    private void scsiCommand(ScsiCommands served, ByteBuffer bhs, boolean dataDigestGood) {
        ScsiTask task = served.accept(bhs, dataDigestGood);
        if (task == null) {
            if (Bhs.immediate(bhs)) {
                reject(bhs, REJECT_TOO_MANY_IMMEDIATE);
            }
            // A counted command without a place lies outside the window: ignored, RFC 7143 4.2.2.1.
            return;
        }
        commands.increment();
        if (task.counted) {
            inOrder(task.cmdSn, () -> served.begin(task), () -> served.drop(task));
        } else {
            served.begin(task);
        }
    }

    // ---------------------------------------------------------------- order

    /** Requests that are not SCSI commands take their turn too, and are done when answered. */
    private void takeTurn(ByteBuffer bhs, Runnable request) {
        if (Bhs.immediate(bhs)) {
            request.run();
        } else {
            inOrder(
                    Bhs.word24(bhs),
                    () -> {
                        request.run();
                        finishedInWindow();
                    },
                    () -> {});
        }
    }

    private void finishedInWindow() {
        lock.lock();
        try {
            window.finished();
        } finally {
            lock.unlock();
        }
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

    // ---------------------------------------------------------------- NOP

    private void nopOut(ByteBuffer bhs, @Nullable ByteBuffer data) {
        int tag = Bhs.initiatorTaskTag(bhs);
        pingSentNanos = 0;
        if (tag == Bhs.RESERVED_TAG) {
            return;
        }
        long lunField = Bhs.lun(bhs);
        takeTurn(bhs, () -> respond(() -> responses.nopIn(tag, lunField, data)));
    }

    /** Sends with the lock held, unless the connection is closed. */
    private void respond(Runnable response) {
        lock.lock();
        try {
            if (!closed) {
                response.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called once a second or so: asks an idle initiator whether it is there. */
    void checkLiveness(long now) {
        Target served = target;
        if (served == null) {
            return;
        }
        long interval = served.config().options().nopInInterval() * 1_000_000_000L;
        long timeout = served.config().options().nopInTimeout() * 1_000_000_000L;
        long heard = connection.lastHeardNanos();
        long asked = pingSentNanos;
        if (asked != 0 && now - asked > timeout && now - heard > timeout) {
            end("the initiator did not answer a NOP-In for " + timeout / 1_000_000_000L + " s");
        } else if (interval != 0 && asked == 0 && now - heard > interval) {
            pingSentNanos = now;
            respond(responses::ping);
            connection.flush();
        }
    }

    /** A unit has come: commands that wait for it look again. */
    void resumeParked() {
        if (scsi != null) {
            scsi.resumeParked();
        }
    }

    /** Commands that wait for a unit get BUSY when their patience may be at an end. */
    void giveUpParked() {
        if (scsi != null) {
            scsi.giveUpParked();
        }
    }

    // ---------------------------------------------------------------- task management

    private void taskManagement(ByteBuffer bhs) {
        int function = Bhs.flags(bhs) & 0x7f;
        int tag = Bhs.initiatorTaskTag(bhs);
        int referencedTag = Bhs.word20(bhs);
        int lun = decodeLun(Bhs.lun(bhs));
        takeTurn(
                bhs,
                () -> {
                    if (management == null) {
                        answerTaskManagement(tag, TASK_MANAGEMENT_REJECTED);
                    } else {
                        management.perform(
                                function,
                                referencedTag,
                                lun,
                                response -> answerTaskManagement(tag, response));
                    }
                });
    }

    private void answerTaskManagement(int tag, int response) {
        respond(() -> responses.taskManagementResponse(tag, response));
        connection.flush();
    }

    /** Aborts what matches; says whether anything did. May be called for another connection. */
    boolean abort(Predicate<ScsiTask> which, TaskManagement whenGone) {
        return scsi != null && scsi.abort(which, whenGone);
    }

    // ---------------------------------------------------------------- text, logout, reject

    private void textRequest(ByteBuffer bhs, @Nullable ByteBuffer data) {
        int tag = Bhs.initiatorTaskTag(bhs);
        int transferTag = Bhs.word20(bhs);
        takeTurn(bhs, () -> text(tag, transferTag, data));
    }

    private void text(int tag, int transferTag, @Nullable ByteBuffer data) {
        SendTargets answer = sendTargets;
        if (transferTag == Bhs.RESERVED_TAG || answer == null) {
            answer = SendTargets.answer(service, connection, who, data);
        }
        byte[] part = answer.nextPart(who.parameters().maxTransmit());
        boolean last = answer.finished();
        sendTargets = last ? null : answer;
        respond(() -> responses.textResponse(tag, part, last));
    }

    private void logout(ByteBuffer bhs) {
        int tag = Bhs.initiatorTaskTag(bhs);
        int reason = Bhs.flags(bhs) & 0x7f;
        // Session and connection are one; 2 says that connection recovery is not supported.
        boolean known = reason <= 1;
        takeTurn(
                bhs,
                () -> {
                    respond(() -> responses.logoutResponse(tag, known ? 0 : 2));
                    if (known) {
                        endAfterAnswers();
                    }
                });
    }

    private void reject(ByteBuffer bhs, int reason) {
        LOG.debug("rejecting PDU {} of {}: {}", Bhs.opcode(bhs), connection.initiator(), reason);
        respond(() -> responses.reject(bhs, reason));
    }

    // ---------------------------------------------------------------- the end

    /** Asks the initiator to leave and closes at once, so that it reconnects at once. */
    void dismiss(String reason) {
        respond(responses::droppingAllConnections);
        connection.flush();
        end(reason);
    }

    /** Asks the initiator to log out by itself; {@link #end} follows if it does not. */
    void askToLogOut(int seconds) {
        respond(() -> responses.logoutRequest(seconds));
        connection.flush();
    }

    ConnectionEnds ends() {
        return new ConnectionEnds(
                connection.portal().getAddress().getHostAddress(),
                connection.portal().getPort(),
                connection.initiator().getAddress().getHostAddress(),
                connection.initiator().getPort());
    }

    void end(String reason) {
        connection.close(reason);
    }

    /** Closes when everything that is queued has been sent. */
    void endAfterAnswers() {
        lock.lock();
        try {
            connection.outbox().closeWhenEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed. */
    void connectionClosed() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            early.clear();
        } finally {
            lock.unlock();
        }
        if (scsi != null) {
            scsi.close();
        }
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
                who.parameters(),
                commands.sum());
    }

    /** SAM-5 4.7: peripheral and flat addressing; anything else is a LUN that nobody has. */
    static int decodeLun(long field) {
        int first = (int) (field >>> 48);
        boolean simple = (field & 0xffff_ffff_ffffL) == 0;
        return simple && first >>> 14 <= 1 ? first & 0x3fff : -1;
    }
}
