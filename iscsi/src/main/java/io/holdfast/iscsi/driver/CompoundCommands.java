package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.scsi.BlockLimits;
import io.holdfast.iscsi.core.scsi.Extent;
import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.scsi.ScsiData;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands of more than one volume request: compare, compare-and-write, or, fill, unmap, sanitize,
 * copy. Each runs on a virtual thread in blocking style, with its range held alone; they are not
 * the data path.
 */
final class CompoundCommands {
    private static final Logger LOG = LoggerFactory.getLogger(CompoundCommands.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long SANITIZE_STRETCH_BYTES = 16 << 20;
    private static final int BLOCK = BlockLimits.BLOCK_BYTES;

    private final BufferPool pool;

    /** How it ended. */
    sealed interface Outcome {
        record Good() implements Outcome {}

        /** Not now: memory is short or the volume is moving. */
        record Busy() implements Outcome {}

        record Failed(Sense sense) implements Outcome {}

        record Data(ScsiData data, long allocationLength) implements Outcome {}
    }

    /** Ends the command from wherever it is. */
    private static final class Stopped extends RuntimeException {
        private final transient Outcome outcome;

        Stopped(Outcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }

    private static final Outcome GOOD = new Outcome.Good();

    CompoundCommands(BufferPool pool) {
        this.pool = pool;
    }

    /** Carries out the plan and tells {@code done}; returns at once. */
    void execute(
            Target target,
            LogicalUnit unit,
            Plan plan,
            BufferPool.@Nullable Buffer dataOut,
            int dataOutBytes,
            Consumer<Outcome> done) {
        ByteBuffer sent =
                dataOut == null
                        ? ByteBuffer.allocate(0)
                        : dataOut.bytes.duplicate().position(0).limit(dataOutBytes);
        Thread.ofVirtual().name("iscsi-compound").start(() -> run(target, unit, plan, sent, done));
    }

    private void run(
            Target target, LogicalUnit unit, Plan plan, ByteBuffer sent, Consumer<Outcome> done) {
        Outcome outcome;
        try {
            if (sent.remaining() < plan.dataOutBytes() && !(plan instanceof Plan.WriteBlocks)) {
                outcome = new Outcome.Failed(Sense.invalidFieldInCdb(0));
            } else if (plan instanceof Plan.SanitizeAll sanitize) {
                outcome = sanitize(unit, sanitize, done);
                if (sanitize.immediate()) {
                    return;
                }
            } else {
                outcome = perform(target, unit, plan, sent);
            }
        } catch (Stopped stopped) {
            outcome = stopped.outcome;
        } catch (RuntimeException e) {
            LOG.error("volume {}: a command failed: {}", unit.volume().id(), plan, e);
            outcome = new Outcome.Failed(Sense.of(Sense.HARDWARE_ERROR, 0x4400));
        }
        done.accept(outcome);
    }

    private Outcome perform(Target target, LogicalUnit unit, Plan plan, ByteBuffer sent) {
        return switch (plan) {
            case Plan.WriteBlocks write ->
                    alone(unit, write.offset(), write.length(), () -> write(unit, write, sent));
            case Plan.CheckReadable(long offset, long length) ->
                    alone(unit, offset, length, () -> readAll(unit, offset, length));
            case Plan.CompareBlocks compare ->
                    alone(
                            unit,
                            compare.offset(),
                            compare.length(),
                            () -> compare(unit, compare, sent));
            case Plan.CompareAndWriteBlocks both ->
                    alone(
                            unit,
                            both.offset(),
                            both.length(),
                            () -> compareAndWrite(unit, both, sent));
            case Plan.OrBlocks or ->
                    alone(unit, or.offset(), or.length(), () -> or(unit, or, sent));
            case Plan.FillBlocks fill ->
                    alone(unit, fill.offset(), fill.length(), () -> fill(unit, fill, sent));
            case Plan.UnmapExtents(List<Extent> extents) -> unmap(unit, extents);
            case Plan.ReportLbaStatus status -> lbaStatus(unit, status);
            case Plan.CopySegments copy -> copy(target, unit, copy);
            default -> throw new IllegalStateException("not a compound command: " + plan);
        };
    }

    // ---------------------------------------------------------------- ranges and waiting

    private interface Work {
        Outcome run();
    }

    /** Holds a range alone while the work runs. */
    private static Outcome alone(LogicalUnit unit, long offset, long length, Work work) {
        CompletableFuture<Boolean> granted = new CompletableFuture<>();
        RangeLocks.Holder holder =
                new RangeLocks.Holder() {
                    @Override
                    void granted() {
                        granted.complete(true);
                    }
                };
        holder.rangeStart = offset;
        holder.rangeEnd = offset + length;
        holder.exclusive = true;
        unit.ranges().acquire(holder);
        granted.join();
        try {
            return work.run();
        } finally {
            unit.ranges().release(holder);
        }
    }

    private interface Request {
        void start(CompletableFuture<IoStatus> done);
    }

    private static void await(boolean writing, Request request) {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        request.start(done);
        switch (done.join()) {
            case OK -> {}
            case NOT_PRIMARY -> throw new Stopped(new Outcome.Busy());
            case OUT_OF_RANGE -> throw failed(Sense.LBA_OUT_OF_RANGE);
            case NO_SPACE -> throw failed(Sense.SPACE_ALLOCATION_FAILED);
            case MEDIUM_ERROR -> throw failed(writing ? Sense.WRITE_FAULT : Sense.UNRECOVERED_READ);
        }
    }

    private static Stopped failed(Sense sense) {
        return new Stopped(new Outcome.Failed(sense));
    }

    private static void read(BlockVolume volume, long offset, ByteBuffer into) {
        await(false, done -> volume.read(offset, into.duplicate(), done::complete));
    }

    private static void write(
            BlockVolume volume, long offset, ByteBuffer from, boolean forceUnitAccess) {
        await(
                true,
                done -> volume.write(offset, from.duplicate(), forceUnitAccess, done::complete));
    }

    /** Lends a buffer of the pool. */
    private Outcome withBuffer(int length, java.util.function.Function<ByteBuffer, Outcome> work) {
        BufferPool.Buffer buffer = pool.take(length);
        if (buffer == null) {
            return new Outcome.Busy();
        }
        try {
            return work.apply(buffer.bytes);
        } finally {
            pool.giveBack(buffer);
        }
    }

    // ---------------------------------------------------------------- the commands

    private Outcome write(LogicalUnit unit, Plan.WriteBlocks plan, ByteBuffer sent) {
        // Whole blocks of what came, as for a plain write.
        int length = Math.min(plan.length(), sent.remaining()) / BLOCK * BLOCK;
        if (length == 0) {
            return GOOD;
        }
        ByteBuffer data = sent.slice(0, length);
        write(unit.volume(), plan.offset(), data, unit.throughToDisk(plan.forceUnitAccess()));
        unit.countWrite(length);
        if (!plan.verify()) {
            return GOOD;
        }
        return withBuffer(
                length,
                back -> {
                    read(unit.volume(), plan.offset(), back);
                    return mismatch(back, data, 0);
                });
    }

    private static Outcome mismatch(ByteBuffer found, ByteBuffer wanted, long base) {
        int at = found.mismatch(wanted);
        return at < 0 ? GOOD : new Outcome.Failed(Sense.miscompareAt(base + at));
    }

    private Outcome readAll(LogicalUnit unit, long offset, long length) {
        return withBuffer(
                (int) Math.min(length, CHUNK_BYTES),
                chunk -> {
                    for (long at = 0; at < length; at += chunk.limit()) {
                        chunk.clear().limit((int) Math.min(CHUNK_BYTES, length - at));
                        read(unit.volume(), offset + at, chunk);
                    }
                    return GOOD;
                });
    }

    private Outcome compare(LogicalUnit unit, Plan.CompareBlocks plan, ByteBuffer sent) {
        return withBuffer(
                plan.length(),
                found -> {
                    read(unit.volume(), plan.offset(), found);
                    if (!plan.oneBlock()) {
                        return mismatch(found, sent.slice(0, plan.length()), 0);
                    }
                    ByteBuffer block = sent.slice(0, BLOCK);
                    for (int at = 0; at < plan.length(); at += BLOCK) {
                        Outcome outcome = mismatch(found.slice(at, BLOCK), block, at);
                        if (!outcome.equals(GOOD)) {
                            return outcome;
                        }
                    }
                    return GOOD;
                });
    }

    private Outcome compareAndWrite(
            LogicalUnit unit, Plan.CompareAndWriteBlocks plan, ByteBuffer sent) {
        if (plan.length() == 0) {
            return GOOD;
        }
        return withBuffer(
                plan.length(),
                found -> {
                    read(unit.volume(), plan.offset(), found);
                    Outcome outcome = mismatch(found, sent.slice(0, plan.length()), 0);
                    if (!outcome.equals(GOOD)) {
                        return outcome;
                    }
                    write(
                            unit.volume(),
                            plan.offset(),
                            sent.slice(plan.length(), plan.length()),
                            unit.throughToDisk(plan.forceUnitAccess()));
                    unit.countWrite(plan.length());
                    return GOOD;
                });
    }

    private Outcome or(LogicalUnit unit, Plan.OrBlocks plan, ByteBuffer sent) {
        return withBuffer(
                plan.length(),
                found -> {
                    read(unit.volume(), plan.offset(), found);
                    for (int at = 0; at < plan.length(); at += Long.BYTES) {
                        found.putLong(at, found.getLong(at) | sent.getLong(at));
                    }
                    write(
                            unit.volume(),
                            plan.offset(),
                            found,
                            unit.throughToDisk(plan.forceUnitAccess()));
                    unit.countWrite(plan.length());
                    return GOOD;
                });
    }

    private Outcome fill(LogicalUnit unit, Plan.FillBlocks plan, ByteBuffer sent) {
        ByteBuffer block = plan.zeros() ? ByteBuffer.allocate(BLOCK) : sent.slice(0, BLOCK);
        if (plan.unmap() && isZero(block)) {
            return unmapRange(unit, plan.offset(), plan.length());
        }
        return writePattern(unit, plan.offset(), plan.length(), block);
    }

    private static boolean isZero(ByteBuffer block) {
        return block.mismatch(ByteBuffer.allocate(block.remaining())) < 0;
    }

    /** Repeats the pattern, which divides a chunk, over the range. */
    private Outcome writePattern(LogicalUnit unit, long offset, long length, ByteBuffer pattern) {
        return withBuffer(
                (int) Math.min(length, CHUNK_BYTES),
                chunk -> {
                    int step = pattern.remaining();
                    for (int at = 0; at < chunk.limit(); at += step) {
                        int part = Math.min(step, chunk.limit() - at);
                        chunk.put(at, pattern, 0, part);
                    }
                    for (long at = 0; at < length; at += chunk.limit()) {
                        chunk.position(0).limit((int) Math.min(chunk.limit(), length - at));
                        write(unit.volume(), offset + at, chunk, false);
                    }
                    unit.countWrite(length);
                    return GOOD;
                });
    }

    private Outcome unmap(LogicalUnit unit, List<Extent> extents) {
        for (Extent extent : extents) {
            long offset = extent.lba() * BLOCK;
            long length = extent.blocks() * BLOCK;
            if (length > 0) {
                Outcome outcome =
                        alone(unit, offset, length, () -> unmapRange(unit, offset, length));
                if (!outcome.equals(GOOD)) {
                    return outcome;
                }
            }
        }
        return GOOD;
    }

    /** LBPRZ is reported, so a volume that cannot give space back is overwritten with zeros. */
    private Outcome unmapRange(LogicalUnit unit, long offset, long length) {
        if (unit.volume() instanceof ThinVolume thin) {
            boolean keepSpace = !unit.config().thin();
            await(true, done -> thin.unmap(offset, length, keepSpace, done::complete));
            return GOOD;
        }
        return writePattern(unit, offset, length, ByteBuffer.allocate(BLOCK));
    }

    private static Outcome lbaStatus(LogicalUnit unit, Plan.ReportLbaStatus plan) {
        List<ScsiData.LbaStatus.Provisioned> runs = new ArrayList<>();
        long end = plan.lastLba() + 1;
        long room = Math.clamp((plan.allocationLength() - 8) / 16, 1, 64);
        for (long lba = plan.lba(); lba < end && runs.size() < room; ) {
            boolean mapped = true;
            long runEnd = end;
            if (unit.volume() instanceof ThinVolume thin) {
                long behind = thin.runEnd(lba * BLOCK);
                mapped = behind >= 0;
                runEnd = Math.min(end, Math.max(lba + 1, Math.abs(behind) / BLOCK));
            }
            long blocks = Math.min(runEnd - lba, 0xffff_ffffL);
            runs.add(
                    new ScsiData.LbaStatus.Provisioned(
                            new Extent(lba, blocks), mapped, !unit.config().thin()));
            lba += blocks;
        }
        return new Outcome.Data(new ScsiData.LbaStatus(runs), plan.allocationLength());
    }

    /** With IMMED the answer comes first, and the model refuses media access until the end. */
    private Outcome sanitize(LogicalUnit unit, Plan.SanitizeAll plan, Consumer<Outcome> done) {
        if (plan.immediate()) {
            done.accept(GOOD);
        }
        long size = unit.volume().sizeBytes() / BLOCK * BLOCK;
        boolean succeeded = false;
        try {
            Outcome outcome = alone(unit, 0, size, () -> overwrite(unit, size, plan.pattern()));
            succeeded = outcome.equals(GOOD);
            return succeeded ? GOOD : new Outcome.Failed(Sense.of(Sense.MEDIUM_ERROR, 0x3103));
        } finally {
            boolean ended = succeeded;
            unit.update(model -> model.sanitizeEnded(ended));
        }
    }

    private Outcome overwrite(LogicalUnit unit, long size, List<Byte> pattern) {
        if (pattern.isEmpty() && unit.volume() instanceof ThinVolume) {
            return unmapRange(unit, 0, size);
        }
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (int i = 0; i < BLOCK && !pattern.isEmpty(); i++) {
            block.put(i, pattern.get(i % pattern.size()));
        }
        // Each stretch is made durable before the next: what is promised is the medium.
        for (long at = 0; at < size; at += SANITIZE_STRETCH_BYTES) {
            long length = Math.min(SANITIZE_STRETCH_BYTES, size - at);
            Outcome outcome = writePattern(unit, at, length, block);
            if (!outcome.equals(GOOD)) {
                return outcome;
            }
            await(true, done -> unit.volume().flush(done::complete));
        }
        return GOOD;
    }

    private Outcome copy(Target target, LogicalUnit unit, Plan.CopySegments plan) {
        int done = 0;
        long bytes = 0;
        boolean succeeded = false;
        try {
            for (Plan.CopySegment segment : plan.segments()) {
                Outcome outcome = copySegment(target, segment);
                if (!outcome.equals(GOOD)) {
                    return outcome;
                }
                done++;
                bytes += (long) segment.blocks() * BLOCK;
            }
            succeeded = true;
            return GOOD;
        } finally {
            ScsiData.CopyStatus status = new ScsiData.CopyStatus(done, bytes, !succeeded);
            unit.update(model -> model.copyEnded(plan.nexus(), plan.listIdentifier(), status));
        }
    }

    private Outcome copySegment(Target target, Plan.CopySegment segment) {
        LogicalUnit source = target.unitByNaa(segment.sourceNaa());
        LogicalUnit destination = target.unitByNaa(segment.destinationNaa());
        if (source == null || destination == null) {
            // COPY TARGET DEVICE NOT REACHABLE.
            return new Outcome.Failed(Sense.of(Sense.COPY_ABORTED, 0x0d02));
        }
        long length = (long) segment.blocks() * BLOCK;
        long from = segment.sourceLba() * BLOCK;
        long to = segment.destinationLba() * BLOCK;
        boolean inside =
                segment.sourceLba() >= 0
                        && segment.destinationLba() >= 0
                        && segment.sourceLba() <= Long.MAX_VALUE / BLOCK
                        && segment.destinationLba() <= Long.MAX_VALUE / BLOCK
                        && length <= source.volume().sizeBytes() - from
                        && length <= destination.volume().sizeBytes() - to;
        if (!inside) {
            return new Outcome.Failed(Sense.COPY_REFUSED);
        }
        if (length == 0) {
            return GOOD;
        }
        return alone(
                destination,
                to,
                length,
                () -> copyRange(source.volume(), from, destination, to, length));
    }

    private Outcome copyRange(
            BlockVolume source, long from, LogicalUnit destination, long to, long length) {
        return withBuffer(
                (int) Math.min(length, CHUNK_BYTES),
                chunk -> {
                    for (long at = 0; at < length; ) {
                        int part = (int) Math.min(CHUNK_BYTES, length - at);
                        chunk.clear().limit(part);
                        read(source, from + at, chunk);
                        write(destination.volume(), to + at, chunk, false);
                        at += part;
                    }
                    destination.countWrite(length);
                    return GOOD;
                });
    }
}
