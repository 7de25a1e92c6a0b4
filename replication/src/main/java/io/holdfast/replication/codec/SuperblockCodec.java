package io.holdfast.replication.codec;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.codec.Page.DamagedContentException;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Superblock;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The superblock's page. Content after the common head ({@link Page}), names as one length byte and
 * UTF-8:
 *
 * <pre>
 *  8  metadata id         8  volume size in bytes   8  epoch
 *  1  disk: 1 Inconsistent, 2 Outdated, 3 Consistent, 4 UpToDate
 *  1  flags: 1 Primary, 2 crashed Primary, 4 clean, 8 wants all
 *  8  current generation  1  n   8*n  history, newest first
 *  8  pending generation  1  n   8*n  its history
 *  .  volume name         .  node name
 *  1  n   n times: name of a peer, 8 its bitmap generation; the n-th has bitmap slot n
 * </pre>
 */
public final class SuperblockCodec {
    private static final long MAGIC = 0x484f4c444d455441L; // "HOLDMETA"
    private static final int PRIMARY = 1;
    private static final int CRASHED_PRIMARY = 2;
    private static final int CLEAN = 4;
    private static final int WANTS_ALL = 8;

    private SuperblockCodec() {}

    /** Fills the first 4 KiB of {@code page}; position and limit then span them. */
    public static void encode(Superblock superblock, long sequence, ByteBuffer page) {
        Page.begin(page, MAGIC, sequence);
        page.putLong(superblock.metadataId());
        page.putLong(superblock.sizeBytes());
        page.putLong(superblock.epoch().number());
        page.put(diskByte(superblock.disk()));
        page.put(
                (byte)
                        ((superblock.primary() ? PRIMARY : 0)
                                | (superblock.crashedPrimary() ? CRASHED_PRIMARY : 0)
                                | (superblock.clean() ? CLEAN : 0)
                                | (superblock.wantsAll() ? WANTS_ALL : 0)));
        page.putLong(superblock.current());
        putHistory(page, superblock.history());
        page.putLong(superblock.pending());
        putHistory(page, superblock.pendingHistory());
        putName(page, superblock.volume().name());
        putName(page, superblock.self().name());
        page.put((byte) superblock.peers().size());
        for (Superblock.Peer peer : superblock.peers()) {
            putName(page, peer.node().name());
            page.putLong(peer.bitmapGeneration());
        }
        Page.end(page);
    }

    public static PageReading<Superblock> decode(ByteBuffer page) {
        return Page.read(page, MAGIC, SuperblockCodec::content);
    }

    private static Superblock content(ByteBuffer in) throws DamagedContentException {
        try {
            return fields(in);
        } catch (BufferUnderflowException | ProblemException e) {
            throw new DamagedContentException("its fields do not fit: " + e.getMessage());
        }
    }

    private static Superblock fields(ByteBuffer in) throws DamagedContentException {
        long metadataId = in.getLong();
        long sizeBytes = in.getLong();
        long epoch = notNegative(in.getLong());
        DiskState disk = disk(in.get());
        int flags = in.get();
        long current = in.getLong();
        List<Long> history = history(in);
        long pending = in.getLong();
        List<Long> pendingHistory = history(in);
        VolumeId volume = new VolumeId(name(in));
        NodeId self = new NodeId(name(in));
        List<Superblock.Peer> peers = new ArrayList<>();
        for (int n = count(in, MetadataLayout.BITMAP_SLOTS); n > 0; n--) {
            peers.add(new Superblock.Peer(new NodeId(name(in)), in.getLong()));
        }
        return new Superblock(
                volume,
                metadataId,
                self,
                sizeBytes,
                new Epoch(epoch),
                disk,
                (flags & PRIMARY) != 0,
                (flags & CRASHED_PRIMARY) != 0,
                (flags & CLEAN) != 0,
                (flags & WANTS_ALL) != 0,
                current,
                pending,
                pendingHistory,
                history,
                peers);
    }

    private static void putHistory(ByteBuffer out, List<Long> history) {
        out.put((byte) history.size());
        history.forEach(out::putLong);
    }

    private static List<Long> history(ByteBuffer in) throws DamagedContentException {
        List<Long> history = new ArrayList<>();
        for (int n = count(in, Superblock.MAX_HISTORY); n > 0; n--) {
            history.add(in.getLong());
        }
        return history;
    }

    private static byte diskByte(DiskState disk) {
        return switch (disk) {
            case INCONSISTENT -> 1;
            case OUTDATED -> 2;
            case CONSISTENT -> 3;
            case UP_TO_DATE -> 4;
            default -> throw new IllegalArgumentException(disk + " is never on disk");
        };
    }

    private static DiskState disk(byte value) throws DamagedContentException {
        return switch (value) {
            case 1 -> DiskState.INCONSISTENT;
            case 2 -> DiskState.OUTDATED;
            case 3 -> DiskState.CONSISTENT;
            case 4 -> DiskState.UP_TO_DATE;
            default -> throw new DamagedContentException("disk state " + value);
        };
    }

    private static long notNegative(long value) throws DamagedContentException {
        if (value < 0) {
            throw new DamagedContentException("a negative number: " + value);
        }
        return value;
    }

    private static int count(ByteBuffer in, int most) throws DamagedContentException {
        int count = Byte.toUnsignedInt(in.get());
        if (count > most) {
            throw new DamagedContentException(count + " entries where " + most + " may be");
        }
        return count;
    }

    private static void putName(ByteBuffer out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.put((byte) bytes.length).put(bytes);
    }

    private static String name(ByteBuffer in) {
        byte[] bytes = new byte[Byte.toUnsignedInt(in.get())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
