package io.holdfast.iscsi.initiator;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.Opcode;
import io.holdfast.iscsi.core.login.SessionParameters;
import io.holdfast.iscsi.core.scsi.ScsiStatus;
import io.holdfast.iscsi.core.session.SerialNumbers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session of one connection: commands go out from any thread, answers come in on the reader
 * thread.
 *
 * <pre>
 * command:  WAITING (CmdSN window shut) -> SENT -> ANSWERED
 *                  any of them -> BROKEN when the connection ends, a command is overdue, or close()
 * </pre>
 *
 * Once broken a session stays broken: its user logs in again.
 */
public final class InitiatorSession implements AutoCloseable {
    private static final int MAX_COMMANDS = 1024;
    private static final int SENSE_BYTES = 258;

    private final InitiatorConnection connection;
    private final InitiatorConfig config;
    private final SessionParameters parameters;
    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable Command[] sent = new Command[MAX_COMMANDS];
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private final ArrayDeque<Command> waiting = new ArrayDeque<>();
    private final ByteBuffer sense = ByteBuffer.allocateDirect(SENSE_BYTES);
    private final ByteBuffer discarded = ByteBuffer.allocateDirect(1 << 16);
    private final Thread reader;
    private final ScheduledFuture<?> overdueCheck;

    private int cmdSn;
    private int expCmdSn;
    private int maxCmdSn;
    private int expStatSn;
    private volatile @Nullable String brokenBecause;

    /** One command from submission to completion. */
    private static final class Command {
        final long lun;
        final byte[] cdb;
        final boolean write;
        final @Nullable ByteBuffer buffer;
        final int start;
        final int length;
        final CommandCompletion completion;
        final long deadlineNanos;

        /** Opcode of the request; everything but a SCSI command has no CDB. */
        final int opcode;

        final int function;
        int slot = -1;
        int dataBytes;
        boolean statusSeen;

        Command(
                int opcode,
                int function,
                long lun,
                byte[] cdb,
                boolean write,
                @Nullable ByteBuffer buffer,
                CommandCompletion completion,
                long deadlineNanos) {
            this.opcode = opcode;
            this.function = function;
            this.lun = lun;
            this.cdb = cdb;
            this.write = write;
            this.buffer = buffer;
            this.start = buffer == null ? 0 : buffer.position();
            this.length = buffer == null ? 0 : buffer.remaining();
            this.completion = completion;
            this.deadlineNanos = deadlineNanos;
        }
    }

    InitiatorSession(InitiatorConnection connection, InitiatorConfig config) {
        this.connection = connection;
        this.config = config;
        this.parameters = connection.parameters();
        this.cmdSn = connection.firstCmdSn();
        this.expCmdSn = cmdSn;
        this.maxCmdSn = connection.firstMaxCmdSn();
        this.expStatSn = connection.firstExpStatSn();
        for (int slot = 0; slot < MAX_COMMANDS; slot++) {
            freeSlots.add(slot);
        }
        this.reader =
                Thread.ofPlatform().daemon().name("iscsi-initiator").unstarted(this::readLoop);
        long period = Math.clamp(config.commandTimeoutMillis() / 8, 5, 1_000);
        this.overdueCheck =
                InitiatorConnection.TIMER.scheduleWithFixedDelay(
                        this::breakWhenOverdue, period, period, TimeUnit.MILLISECONDS);
        reader.start();
    }

    /** Why the session is broken, or null while it is whole. */
    public @Nullable String brokenBecause() {
        return brokenBecause;
    }

    /** This side's end of the connection. */
    public InetSocketAddress localAddress() throws IOException {
        return connection.localAddress();
    }

    public SessionParameters parameters() {
        return parameters;
    }

    /** READ(16) of {@code into.remaining()} bytes, which are {@code blocks} blocks. */
    public void read(int lun, long lba, int blocks, ByteBuffer into, CommandCompletion completion) {
        submit(lun, transferCdb(0x88, lba, blocks, false), false, into, completion);
    }

    /** WRITE(16) of {@code from.remaining()} bytes, which are {@code blocks} blocks. */
    public void write(
            int lun,
            long lba,
            int blocks,
            ByteBuffer from,
            boolean forceUnitAccess,
            CommandCompletion completion) {
        submit(lun, transferCdb(0x8a, lba, blocks, forceUnitAccess), true, from, completion);
    }

    /** SYNCHRONIZE CACHE(10) of the whole unit. */
    public void flush(int lun, CommandCompletion completion) {
        byte[] cdb = new byte[10];
        cdb[0] = 0x35;
        submit(lun, cdb, false, null, completion);
    }

    /**
     * Any SCSI command. The buffer (direct for speed) belongs to the session until the completion;
     * its position and limit are not changed by a write, and a read leaves its bytes from the
     * position on.
     *
     * @param write whether the buffer is sent, else it is read into
     */
    public void submit(
            int lun,
            byte[] cdb,
            boolean write,
            @Nullable ByteBuffer buffer,
            CommandCompletion completion) {
        start(
                new Command(
                        Opcode.SCSI_COMMAND,
                        0,
                        encodeLun(lun),
                        cdb,
                        write,
                        buffer,
                        completion,
                        deadline()));
    }

    /** Task management without a task: ABORT TASK SET 2, LUN RESET 5, WARM 6, COLD RESET 7. */
    public void manageTasks(int lun, int function, CommandCompletion completion) {
        start(
                new Command(
                        Opcode.TASK_MANAGEMENT_REQUEST,
                        function,
                        encodeLun(lun),
                        new byte[0],
                        false,
                        null,
                        completion,
                        deadline()));
    }

    /** "Are you there": a NOP-Out that wants an answer. */
    public void nop(CommandCompletion completion) {
        start(new Command(Opcode.NOP_OUT, 0, 0, new byte[0], false, null, completion, deadline()));
    }

    /**
     * Waits for one command; unit attentions and busy answers are asked again until the time-out.
     *
     * @return the bytes read
     * @throws IscsiException when it did not end with GOOD
     */
    public int await(int lun, byte[] cdb, boolean write, @Nullable ByteBuffer buffer)
            throws IscsiException {
        long deadline = deadline();
        while (true) {
            CommandResult result = awaitOnce(lun, cdb, write, buffer);
            if (result.good()) {
                return result.dataBytes();
            }
            if (!result.retryable() || System.nanoTime() - deadline > 0) {
                throw new IscsiException(
                        String.format("command %02x on LUN %d: %s", cdb[0], lun, why(result)));
            }
            pauseBeforeRetry(result);
        }
    }

    /** Waits for one command, whatever its end. */
    public CommandResult awaitOnce(int lun, byte[] cdb, boolean write, @Nullable ByteBuffer buffer)
            throws IscsiException {
        CompletableFuture<CommandResult> result = new CompletableFuture<>();
        submit(lun, cdb, write, buffer, result::complete);
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IscsiException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a completion never fails", e);
        }
    }

    private String why(CommandResult result) {
        String broken = brokenBecause;
        return result.delivered() || broken == null ? result.toString() : broken;
    }

    private static void pauseBeforeRetry(CommandResult result) throws IscsiException {
        if (result.status() == ScsiStatus.CHECK_CONDITION) {
            return;
        }
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IscsiException("interrupted", e);
        }
    }

    /** Reads and waits. */
    public void readBlocking(int lun, long lba, int blocks, ByteBuffer into) throws IscsiException {
        await(lun, transferCdb(0x88, lba, blocks, false), false, into);
    }

    /** Writes and waits. */
    public void writeBlocking(int lun, long lba, int blocks, ByteBuffer from)
            throws IscsiException {
        await(lun, transferCdb(0x8a, lba, blocks, false), true, from);
    }

    /** Flushes and waits. */
    public void flushBlocking(int lun) throws IscsiException {
        byte[] cdb = new byte[10];
        cdb[0] = 0x35;
        await(lun, cdb, false, null);
    }

    /** Standard INQUIRY data. */
    public byte[] inquiry(int lun) throws IscsiException {
        return reply(lun, new byte[] {0x12, 0, 0, 0, (byte) 0xff, 0}, 255);
    }

    /** A vital product data page. */
    public byte[] inquiryPage(int lun, int page) throws IscsiException {
        return reply(lun, new byte[] {0x12, 1, (byte) page, 4, 0, 0}, 1024);
    }

    /** The unit's size by READ CAPACITY(16). */
    public Capacity readCapacity(int lun) throws IscsiException {
        byte[] cdb = new byte[16];
        cdb[0] = (byte) 0x9e;
        cdb[1] = 0x10;
        cdb[13] = 32;
        ByteBuffer data = ByteBuffer.wrap(reply(lun, cdb, 32));
        if (data.remaining() < 12) {
            throw new IscsiException("READ CAPACITY answered " + data.remaining() + " bytes");
        }
        return new Capacity(data.getLong(0) + 1, data.getInt(8));
    }

    /** The numbers of all LUNs. */
    public List<Integer> reportLuns() throws IscsiException {
        byte[] cdb = new byte[12];
        cdb[0] = (byte) 0xa0;
        ByteBuffer.wrap(cdb).putInt(6, 8 + 8 * 512);
        ByteBuffer data = ByteBuffer.wrap(reply(0, cdb, 8 + 8 * 512));
        List<Integer> luns = new ArrayList<>();
        for (int at = 8; at + 8 <= data.limit(); at += 8) {
            luns.add(data.getShort(at) & 0x3fff);
        }
        return luns;
    }

    /** Blocks and bytes a block. */
    public record Capacity(long blocks, int blockBytes) {
        public long bytes() {
            return blocks * blockBytes;
        }
    }

    private byte[] reply(int lun, byte[] cdb, int length) throws IscsiException {
        ByteBuffer into = ByteBuffer.allocate(length);
        int count = await(lun, cdb, false, into);
        byte[] data = new byte[Math.min(count, length)];
        into.get(0, data);
        return data;
    }

    /** Ends at once: every outstanding command is told that the session is broken. */
    @Override
    public void close() {
        breakOff("closed by its user");
    }

    private long deadline() {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.commandTimeoutMillis());
    }

    private void start(Command command) {
        boolean broken = false;
        lock.lock();
        try {
            if (brokenBecause != null) {
                broken = true;
            } else if (mustWait(command)) {
                waiting.add(command);
            } else {
                transmit(command);
            }
        } catch (IOException e) {
            connection.close();
        } finally {
            lock.unlock();
        }
        if (broken) {
            command.completion.done(CommandResult.BROKEN);
        }
    }

    /** Only SCSI commands count in the window; the rest is sent as immediate. */
    private boolean mustWait(Command command) {
        boolean windowShut = SerialNumbers.after(cmdSn, maxCmdSn);
        return freeSlots.isEmpty() || (command.opcode == Opcode.SCSI_COMMAND && windowShut);
    }

    /** Sends a request, with as much immediate data as was agreed. Caller holds the lock. */
    private void transmit(Command command) throws IOException {
        command.slot = freeSlots.removeFirst();
        sent[command.slot] = command;
        ByteBuffer out = connection.outHeader();
        int immediate = 0;
        switch (command.opcode) {
            case Opcode.SCSI_COMMAND -> {
                if (command.write && parameters.immediateData()) {
                    immediate =
                            Math.min(
                                    command.length,
                                    Math.min(
                                            parameters.firstBurstLength(),
                                            parameters.maxTransmit()));
                }
                int direction = command.write ? Bhs.WRITE : command.length > 0 ? Bhs.READ : 0;
                // Attribute 1 is SIMPLE.
                Bhs.begin(out, Opcode.SCSI_COMMAND, Bhs.FINAL | direction | 1, immediate);
                out.putInt(20, command.length);
                for (int i = 0; i < command.cdb.length; i++) {
                    out.put(Bhs.CDB_OFFSET + i, command.cdb[i]);
                }
                out.putInt(24, cmdSn++);
            }
            case Opcode.TASK_MANAGEMENT_REQUEST -> {
                Bhs.begin(
                        out,
                        Opcode.TASK_MANAGEMENT_REQUEST | Bhs.IMMEDIATE,
                        Bhs.FINAL | command.function,
                        0);
                out.putInt(20, Bhs.RESERVED_TAG);
                out.putInt(24, cmdSn);
            }
            default -> {
                Bhs.begin(out, Opcode.NOP_OUT | Bhs.IMMEDIATE, Bhs.FINAL, 0);
                out.putInt(20, Bhs.RESERVED_TAG);
                out.putInt(24, cmdSn);
            }
        }
        out.putLong(8, command.lun);
        out.putInt(16, command.slot);
        out.putInt(28, expStatSn);
        if (immediate > 0 && command.buffer != null) {
            connection.send(command.buffer.slice(command.start, immediate));
        } else {
            connection.sendHeader();
        }
    }

    private void readLoop() {
        String reason;
        try {
            while (true) {
                receive(connection.receiveHeader());
            }
        } catch (IOException | RuntimeException e) {
            reason = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        breakOff(reason);
    }

    private void receive(ByteBuffer bhs) throws IOException {
        switch (Bhs.opcode(bhs)) {
            case Opcode.SCSI_RESPONSE -> scsiResponse(bhs);
            case Opcode.DATA_IN -> dataIn(bhs);
            case Opcode.READY_TO_TRANSFER -> readyToTransfer(bhs);
            case Opcode.NOP_IN -> nopIn(bhs);
            case Opcode.TASK_MANAGEMENT_RESPONSE -> {
                int response = Bhs.byteAt(bhs, 2);
                Command command = command(bhs);
                discardData(bhs);
                advance(bhs, true);
                finish(command, new CommandResult(true, response == 0 ? 0 : 0xff, 0, 0, 0));
            }
            case Opcode.ASYNC_MESSAGE -> {
                int event = Bhs.byteAt(bhs, 36);
                discardData(bhs);
                if (event >= 1 && event <= 3) {
                    throw new IscsiException("the target asks us to leave (event " + event + ")");
                }
                advance(bhs, true);
            }
            case Opcode.REJECT ->
                    throw new IscsiException("the target rejects a PDU: " + Bhs.byteAt(bhs, 2));
            default -> throw new IscsiException("unexpected PDU " + Bhs.opcode(bhs));
        }
    }

    private void scsiResponse(ByteBuffer bhs) throws IOException {
        Command command = command(bhs);
        int status = Bhs.byteAt(bhs, 2) == 0 ? Bhs.byteAt(bhs, 3) : 0xff;
        int length = Bhs.dataLength(bhs);
        int senseKey = 0;
        int additional = 0;
        if (length > 0) {
            sense.clear().limit(Math.min(length, SENSE_BYTES));
            connection.receiveData(sense);
            if (length >= 4 && (sense.get(2) & 0x7f) >= 0x72) {
                senseKey = sense.get(3) & 0xf;
                additional = sense.getShort(4) & 0xffff;
            } else if (length >= 16) {
                senseKey = sense.get(4) & 0xf;
                additional = sense.getShort(14) & 0xffff;
            }
        }
        advance(bhs, true);
        finish(command, new CommandResult(true, status, senseKey, additional, command.dataBytes));
    }

    private void dataIn(ByteBuffer bhs) throws IOException {
        Command command = command(bhs);
        int length = Bhs.dataLength(bhs);
        int offset = Bhs.word40(bhs);
        ByteBuffer buffer = command.buffer;
        if (buffer == null || command.write || offset < 0 || offset > command.length - length) {
            throw new IscsiException("Data-In outside the command's buffer");
        }
        boolean withStatus = (Bhs.flags(bhs) & Bhs.STATUS) != 0;
        int status = Bhs.byteAt(bhs, 3);
        connection.receiveData(buffer.slice(command.start + offset, length));
        command.dataBytes += length;
        advance(bhs, withStatus);
        if (withStatus) {
            finish(command, new CommandResult(true, status, 0, 0, command.dataBytes));
        }
    }

    private void readyToTransfer(ByteBuffer bhs) throws IOException {
        Command command = command(bhs);
        int transferTag = Bhs.word20(bhs);
        int offset = Bhs.word40(bhs);
        int length = Bhs.word44(bhs);
        ByteBuffer buffer = command.buffer;
        if (buffer == null || !command.write || offset < 0 || length <= 0) {
            throw new IscsiException("R2T for a command that writes nothing");
        }
        if (length > command.length - offset) {
            throw new IscsiException("R2T beyond the end of the command's data");
        }
        advance(bhs, false);
        lock.lock();
        try {
            sendSolicited(command, buffer, transferTag, offset, length);
        } finally {
            lock.unlock();
        }
    }

    private void sendSolicited(
            Command command, ByteBuffer buffer, int transferTag, int offset, int length)
            throws IOException {
        ByteBuffer out = connection.outHeader();
        int dataSn = 0;
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, parameters.maxTransmit());
            boolean last = done + part == length;
            Bhs.begin(out, Opcode.DATA_OUT, last ? Bhs.FINAL : 0, part);
            out.putLong(8, command.lun);
            out.putInt(16, command.slot);
            out.putInt(20, transferTag);
            out.putInt(28, expStatSn);
            out.putInt(36, dataSn++);
            out.putInt(40, offset + done);
            connection.send(buffer.slice(command.start + offset + done, part));
            done += part;
        }
    }

    private void nopIn(ByteBuffer bhs) throws IOException {
        int tag = Bhs.initiatorTaskTag(bhs);
        int transferTag = Bhs.word20(bhs);
        if (tag != Bhs.RESERVED_TAG) {
            Command command = command(bhs);
            discardData(bhs);
            advance(bhs, true);
            finish(command, new CommandResult(true, 0, 0, 0, 0));
            return;
        }
        long lun = Bhs.lun(bhs);
        discardData(bhs);
        advance(bhs, false);
        if (transferTag != Bhs.RESERVED_TAG) {
            answerPing(lun, transferTag);
        }
    }

    private void answerPing(long lun, int transferTag) throws IOException {
        lock.lock();
        try {
            ByteBuffer out = connection.outHeader();
            Bhs.begin(out, Opcode.NOP_OUT | Bhs.IMMEDIATE, Bhs.FINAL, 0);
            out.putLong(8, lun);
            out.putInt(16, Bhs.RESERVED_TAG);
            out.putInt(20, transferTag);
            out.putInt(24, cmdSn);
            out.putInt(28, expStatSn);
            connection.sendHeader();
        } finally {
            lock.unlock();
        }
    }

    private void discardData(ByteBuffer bhs) throws IOException {
        int length = Bhs.dataLength(bhs);
        if (length > discarded.capacity()) {
            throw new IscsiException("a PDU with more data than expected");
        }
        discarded.clear().limit(length);
        connection.receiveData(discarded);
    }

    private Command command(ByteBuffer bhs) throws IscsiException {
        int slot = Bhs.initiatorTaskTag(bhs);
        lock.lock();
        try {
            Command command = slot >= 0 && slot < MAX_COMMANDS ? sent[slot] : null;
            if (command == null) {
                throw new IscsiException("an answer for no command of ours");
            }
            return command;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the sequence numbers of a response and sends what the opened window allows. */
    private void advance(ByteBuffer bhs, boolean carriesStatus) throws IOException {
        int newExpCmdSn = Bhs.word28(bhs);
        int newMaxCmdSn = Bhs.word32(bhs);
        int statSn = Bhs.word24(bhs);
        lock.lock();
        try {
            if (SerialNumbers.after(newExpCmdSn, expCmdSn)) {
                expCmdSn = newExpCmdSn;
            }
            if (SerialNumbers.after(newMaxCmdSn, maxCmdSn)) {
                maxCmdSn = newMaxCmdSn;
            }
            if (carriesStatus) {
                expStatSn = statSn + 1;
            }
            while (!waiting.isEmpty() && !mustWait(waiting.getFirst())) {
                transmit(waiting.removeFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish(Command command, CommandResult result) {
        lock.lock();
        try {
            if (command.statusSeen) {
                return;
            }
            command.statusSeen = true;
            sent[command.slot] = null;
            freeSlots.addLast(command.slot);
        } finally {
            lock.unlock();
        }
        command.completion.done(result);
    }

    private void breakWhenOverdue() {
        long now = System.nanoTime();
        boolean overdue = false;
        lock.lock();
        try {
            for (Command command : sent) {
                overdue |= command != null && now - command.deadlineNanos > 0;
            }
            for (Command command : waiting) {
                overdue |= now - command.deadlineNanos > 0;
            }
        } finally {
            lock.unlock();
        }
        if (overdue) {
            breakOff("a command took longer than " + config.commandTimeoutMillis() + " ms");
        }
    }

    private void breakOff(String reason) {
        List<Command> lost = new ArrayList<>();
        // First, so that a writer that is stuck in the socket lets go of the lock.
        connection.close();
        lock.lock();
        try {
            if (brokenBecause != null) {
                return;
            }
            brokenBecause = reason;
            for (int slot = 0; slot < MAX_COMMANDS; slot++) {
                Command command = sent[slot];
                if (command != null) {
                    lost.add(command);
                    sent[slot] = null;
                    command.statusSeen = true;
                }
            }
            lost.addAll(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        overdueCheck.cancel(false);
        lost.forEach(command -> command.completion.done(CommandResult.BROKEN));
    }

    /** SAM-5 4.7: peripheral method below 256, flat method above. */
    private static long encodeLun(int lun) {
        return lun < 256 ? (long) lun << 48 : (0x4000L | lun) << 48;
    }

    private static byte[] transferCdb(int opcode, long lba, int blocks, boolean forceUnitAccess) {
        byte[] cdb = new byte[16];
        ByteBuffer out = ByteBuffer.wrap(cdb);
        out.put(0, (byte) opcode);
        out.put(1, (byte) (forceUnitAccess ? 8 : 0));
        out.putLong(2, lba);
        out.putInt(10, blocks);
        return cdb;
    }
}
