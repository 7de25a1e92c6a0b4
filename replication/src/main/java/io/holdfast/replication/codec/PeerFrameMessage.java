package io.holdfast.replication.codec;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.core.ReplicaReport;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.core.SplitBrainPolicies;
import io.holdfast.replication.core.SplitBrainPolicies.WithOnePrimary;
import io.holdfast.replication.core.SplitBrainPolicies.WithoutPrimary;
import io.holdfast.replication.core.Superblock;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of a {@link PeerFrameType#MESSAGE}: one byte with the message's code, then its
 * fields. Numbers are big-endian; a name is a length byte and UTF-8; a list is a length byte and
 * its members.
 *
 * <pre>
 *  1  Report              1 role, 1 disk, 1 flags (1 tracks the receiver, 2 crashed Primary,
 *                         4 discards its own changes, 8 wants all blocks),
 *                         1 after-sb-0pri, 1 after-sb-1pri (ordinals),
 *                         8 epoch, 8 size in bytes, 8 current, 8 pending,
 *                         8 bitmap generation, 8 dirty blocks, list of 8 history,
 *                         list of 8 pending history
 *  2  BitmapPage          4 index, 8 * {@link BlockBitmap#PAGE_WORDS} words
 *  3  BitmapEnd
 *  4  StartResync         8 generation
 *  5  ResyncFinished      8 current, list of 8 history
 *  6  ResyncAccepted      8 current
 *  7  PromoteEpoch        8 epoch
 *  8  EpochAccepted       8 epoch, 8 current, 1 disk
 *  9  EpochOver           8 epoch
 *  10 StateChanged        1 role, 1 disk
 *  11 NewGeneration       8 generation, list of 8 history,
 *                         list of (name of the node, 8 bitmap generation)
 *  12 GenerationAccepted  8 generation
 *  13 FlushStable         8 round
 *  14 ReplicaInSync       name of the node
 *  15 DeclareEqual        8 current
 *  16 EqualDeclared       8 current
 *  17 GenerationBegun     8 generation
 *  18 SyncPaused          1: 1 when paused
 *  19 StartVerify
 *  20 ResyncProgress      8 blocks left, 8 bytes a second, 4 seconds
 * </pre>
 */
public final class PeerFrameMessage {
    private static final byte REPORT = 1;
    private static final byte BITMAP_PAGE = 2;
    private static final byte BITMAP_END = 3;
    private static final byte START_RESYNC = 4;
    private static final byte RESYNC_FINISHED = 5;
    private static final byte RESYNC_ACCEPTED = 6;
    private static final byte PROMOTE_EPOCH = 7;
    private static final byte EPOCH_ACCEPTED = 8;
    private static final byte EPOCH_OVER = 9;
    private static final byte STATE_CHANGED = 10;
    private static final byte NEW_GENERATION = 11;
    private static final byte GENERATION_ACCEPTED = 12;
    private static final byte FLUSH_STABLE = 13;
    private static final byte REPLICA_IN_SYNC = 14;
    private static final byte DECLARE_EQUAL = 15;
    private static final byte EQUAL_DECLARED = 16;
    private static final byte GENERATION_BEGUN = 17;
    private static final byte SYNC_PAUSED = 18;
    private static final byte START_VERIFY = 19;
    private static final byte RESYNC_PROGRESS = 20;

    private static final int TRACKS_RECEIVER = 1;
    private static final int CRASHED_PRIMARY = 2;
    private static final int DISCARDS_OWN = 4;
    private static final int WANTS_ALL = 8;
    private static final List<WithoutPrimary> WITHOUT_PRIMARY = List.of(WithoutPrimary.values());
    private static final List<WithOnePrimary> WITH_ONE_PRIMARY = List.of(WithOnePrimary.values());

    /** The index is the code on the wire: only append. */
    private static final List<Role> ROLES = List.of(Role.UNKNOWN, Role.SECONDARY, Role.PRIMARY);

    /** The index is the code on the wire: only append. */
    private static final List<DiskState> DISKS =
            List.of(
                    DiskState.DISKLESS,
                    DiskState.ATTACHING,
                    DiskState.FAILED,
                    DiskState.INCONSISTENT,
                    DiskState.OUTDATED,
                    DiskState.UNKNOWN,
                    DiskState.CONSISTENT,
                    DiskState.UP_TO_DATE);

    /** No message is longer. */
    private static final int LONGEST_BYTES = 1 + 4 + BlockBitmap.PAGE_WORDS * Long.BYTES;

    private PeerFrameMessage() {}

    // ---- writing

    /** A new buffer that spans the payload. */
    public static ByteBuffer encode(PeerMessage message) {
        ByteBuffer out = ByteBuffer.allocate(LONGEST_BYTES);
        switch (message) {
            case PeerMessage.Report(ReplicaReport report) -> putReport(out, report);
            case PeerMessage.BitmapPage(int index, long[] words) -> putPage(out, index, words);
            case PeerMessage.BitmapEnd() -> out.put(BITMAP_END);
            case PeerMessage.StartResync(long generation) ->
                    out.put(START_RESYNC).putLong(generation);
            case PeerMessage.ResyncFinished(long current, List<Long> history) -> {
                out.put(RESYNC_FINISHED).putLong(current);
                putHistory(out, history);
            }
            case PeerMessage.ResyncAccepted(long current) ->
                    out.put(RESYNC_ACCEPTED).putLong(current);
            case PeerMessage.PromoteEpoch(Epoch epoch) ->
                    out.put(PROMOTE_EPOCH).putLong(epoch.number());
            case PeerMessage.EpochAccepted(Epoch epoch, long current, DiskState disk) ->
                    out.put(EPOCH_ACCEPTED)
                            .putLong(epoch.number())
                            .putLong(current)
                            .put(code(disk));
            case PeerMessage.EpochOver(Epoch known) -> out.put(EPOCH_OVER).putLong(known.number());
            case PeerMessage.StateChanged(Role role, DiskState disk) ->
                    out.put(STATE_CHANGED).put(code(role)).put(code(disk));
            case PeerMessage.NewGeneration generation -> putGeneration(out, generation);
            case PeerMessage.GenerationAccepted(long accepted) ->
                    out.put(GENERATION_ACCEPTED).putLong(accepted);
            case PeerMessage.GenerationBegun(long begun) ->
                    out.put(GENERATION_BEGUN).putLong(begun);
            case PeerMessage.FlushStable(long round) -> out.put(FLUSH_STABLE).putLong(round);
            case PeerMessage.ReplicaInSync(NodeId node) -> putName(out.put(REPLICA_IN_SYNC), node);
            case PeerMessage.DeclareEqual(long current) -> out.put(DECLARE_EQUAL).putLong(current);
            case PeerMessage.SyncPaused(boolean paused) ->
                    out.put(SYNC_PAUSED).put((byte) (paused ? 1 : 0));
            case PeerMessage.StartVerify() -> out.put(START_VERIFY);
            case PeerMessage.ResyncProgress(long left, long pace, int seconds) ->
                    out.put(RESYNC_PROGRESS).putLong(left).putLong(pace).putInt(seconds);
            case PeerMessage.EqualDeclared(long current) ->
                    out.put(EQUAL_DECLARED).putLong(current);
        }
        return out.flip();
    }

    private static void putReport(ByteBuffer out, ReplicaReport report) {
        out.put(REPORT);
        out.put(code(report.role()));
        out.put(code(report.disk()));
        out.put(
                (byte)
                        ((report.tracksReceiver() ? TRACKS_RECEIVER : 0)
                                | (report.crashedPrimary() ? CRASHED_PRIMARY : 0)
                                | (report.discardsOwn() ? DISCARDS_OWN : 0)
                                | (report.wantsAll() ? WANTS_ALL : 0)));
        out.put((byte) WITHOUT_PRIMARY.indexOf(report.policies().withoutPrimary()));
        out.put((byte) WITH_ONE_PRIMARY.indexOf(report.policies().withOnePrimary()));
        out.putLong(report.epoch().number());
        out.putLong(report.sizeBytes());
        out.putLong(report.current());
        out.putLong(report.pending());
        out.putLong(report.bitmapGeneration());
        out.putLong(report.dirtyBlocks());
        putHistory(out, report.history());
        putHistory(out, report.pendingHistory());
    }

    private static void putPage(ByteBuffer out, int index, long[] words) {
        Invariant.check(words.length == BlockBitmap.PAGE_WORDS, "a page of %d words", words.length);
        out.put(BITMAP_PAGE).putInt(index);
        for (long word : words) {
            out.putLong(word);
        }
    }

    private static void putGeneration(ByteBuffer out, PeerMessage.NewGeneration generation) {
        out.put(NEW_GENERATION).putLong(generation.generation());
        putHistory(out, generation.history());
        putCount(out, generation.missing().size(), MetadataLayout.BITMAP_SLOTS);
        for (PeerMessage.NewGeneration.Missing missing : generation.missing()) {
            putName(out, missing.node());
            out.putLong(missing.bitmapGeneration());
        }
    }

    private static void putHistory(ByteBuffer out, List<Long> history) {
        putCount(out, history.size(), Superblock.MAX_HISTORY);
        history.forEach(out::putLong);
    }

    private static void putCount(ByteBuffer out, int count, int most) {
        Invariant.check(count <= most, "%d entries where %d may be", count, most);
        out.put((byte) count);
    }

    private static void putName(ByteBuffer out, NodeId node) {
        byte[] bytes = node.name().getBytes(StandardCharsets.UTF_8);
        out.put((byte) bytes.length).put(bytes);
    }

    private static byte code(Role role) {
        return (byte) ROLES.indexOf(role);
    }

    private static byte code(DiskState disk) {
        return (byte) DISKS.indexOf(disk);
    }

    // ---- reading

    /** Reads all of {@code in} as one message. */
    public static PeerMessage decode(ByteBuffer in) throws PeerFrameException {
        try {
            PeerMessage message = fields(in);
            if (in.hasRemaining()) {
                throw new PeerFrameException("it sent a message that is too long: " + message);
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new PeerFrameException("it sent a message that is too short");
        } catch (ProblemException e) {
            throw new PeerFrameException("it sent a message with a bad name: " + e.getMessage());
        }
    }

    private static PeerMessage fields(ByteBuffer in) throws PeerFrameException {
        byte code = in.get();
        return switch (code) {
            case REPORT -> new PeerMessage.Report(report(in));
            case BITMAP_PAGE -> page(in);
            case BITMAP_END -> new PeerMessage.BitmapEnd();
            case START_RESYNC -> new PeerMessage.StartResync(in.getLong());
            case RESYNC_FINISHED -> new PeerMessage.ResyncFinished(in.getLong(), history(in));
            case RESYNC_ACCEPTED -> new PeerMessage.ResyncAccepted(in.getLong());
            case PROMOTE_EPOCH -> new PeerMessage.PromoteEpoch(epoch(in));
            case EPOCH_ACCEPTED ->
                    new PeerMessage.EpochAccepted(epoch(in), in.getLong(), member(DISKS, in));
            case EPOCH_OVER -> new PeerMessage.EpochOver(epoch(in));
            case STATE_CHANGED ->
                    new PeerMessage.StateChanged(member(ROLES, in), member(DISKS, in));
            case NEW_GENERATION -> generation(in);
            case GENERATION_ACCEPTED -> new PeerMessage.GenerationAccepted(in.getLong());
            case FLUSH_STABLE -> new PeerMessage.FlushStable(in.getLong());
            case REPLICA_IN_SYNC -> new PeerMessage.ReplicaInSync(name(in));
            case DECLARE_EQUAL -> new PeerMessage.DeclareEqual(in.getLong());
            case EQUAL_DECLARED -> new PeerMessage.EqualDeclared(in.getLong());
            case SYNC_PAUSED -> new PeerMessage.SyncPaused(yesNo(in));
            case START_VERIFY -> new PeerMessage.StartVerify();
            case RESYNC_PROGRESS ->
                    new PeerMessage.ResyncProgress(notNegative(in), notNegative(in), in.getInt());
            case GENERATION_BEGUN -> new PeerMessage.GenerationBegun(in.getLong());
            default -> throw new PeerFrameException("it sent the unknown message " + code);
        };
    }

    private static ReplicaReport report(ByteBuffer in) throws PeerFrameException {
        Role role = member(ROLES, in);
        DiskState disk = member(DISKS, in);
        int flags = in.get();
        SplitBrainPolicies policies =
                new SplitBrainPolicies(member(WITHOUT_PRIMARY, in), member(WITH_ONE_PRIMARY, in));
        Epoch epoch = epoch(in);
        long sizeBytes = notNegative(in);
        long current = in.getLong();
        long pending = in.getLong();
        long bitmapGeneration = in.getLong();
        long dirtyBlocks = notNegative(in);
        List<Long> history = history(in);
        List<Long> pendingHistory = history(in);
        return new ReplicaReport(
                role,
                epoch,
                disk,
                sizeBytes,
                current,
                pending,
                pendingHistory,
                bitmapGeneration,
                history,
                dirtyBlocks,
                (flags & TRACKS_RECEIVER) != 0,
                (flags & CRASHED_PRIMARY) != 0,
                (flags & DISCARDS_OWN) != 0,
                (flags & WANTS_ALL) != 0,
                policies);
    }

    private static boolean yesNo(ByteBuffer in) throws PeerFrameException {
        byte value = in.get();
        if (value != 0 && value != 1) {
            throw new PeerFrameException("it sent " + value + " for yes or no");
        }
        return value == 1;
    }

    private static PeerMessage page(ByteBuffer in) {
        int index = in.getInt();
        long[] words = new long[BlockBitmap.PAGE_WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = in.getLong();
        }
        return new PeerMessage.BitmapPage(index, words);
    }

    private static PeerMessage generation(ByteBuffer in) throws PeerFrameException {
        long generation = in.getLong();
        List<Long> history = history(in);
        List<PeerMessage.NewGeneration.Missing> missing = new ArrayList<>();
        for (int n = count(in, MetadataLayout.BITMAP_SLOTS); n > 0; n--) {
            missing.add(new PeerMessage.NewGeneration.Missing(name(in), in.getLong()));
        }
        return new PeerMessage.NewGeneration(generation, history, missing);
    }

    private static List<Long> history(ByteBuffer in) throws PeerFrameException {
        List<Long> history = new ArrayList<>();
        for (int n = count(in, Superblock.MAX_HISTORY); n > 0; n--) {
            history.add(in.getLong());
        }
        return history;
    }

    private static int count(ByteBuffer in, int most) throws PeerFrameException {
        int count = Byte.toUnsignedInt(in.get());
        if (count > most) {
            throw new PeerFrameException(
                    "it sent a list of " + count + " where " + most + " may be");
        }
        return count;
    }

    private static NodeId name(ByteBuffer in) {
        byte[] bytes = new byte[Byte.toUnsignedInt(in.get())];
        in.get(bytes);
        return new NodeId(new String(bytes, StandardCharsets.UTF_8));
    }

    private static Epoch epoch(ByteBuffer in) throws PeerFrameException {
        return new Epoch(notNegative(in));
    }

    private static long notNegative(ByteBuffer in) throws PeerFrameException {
        long value = in.getLong();
        if (value < 0) {
            throw new PeerFrameException("it sent a negative number: " + value);
        }
        return value;
    }

    private static <T> T member(List<T> byCode, ByteBuffer in) throws PeerFrameException {
        int code = in.get();
        if (code < 0 || code >= byCode.size()) {
            throw new PeerFrameException("it sent the unknown role or disk state " + code);
        }
        return byCode.get(code);
    }
}
