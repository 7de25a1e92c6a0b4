package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.ScsiCommand;
import java.nio.ByteBuffer;

/** Command descriptor blocks from their 16 bytes, SPC-4 and SBC-3. */
public final class CdbCodec {
    private static final int RELATIVE_ADDRESS = 0x01;

    private CdbCodec() {}

    /** Decodes the CDB whose first byte is at this index of the buffer. */
    public static ScsiCommand decode(ByteBuffer in, int at) {
        int opcode = in.get(at) & 0xff;
        return switch (opcode) {
            case 0x00 -> new ScsiCommand.TestUnitReady();
            case 0x03 -> new ScsiCommand.RequestSense(bit(in, at + 1, 0), u8(in, at + 4));
            case 0x08 -> new ScsiCommand.Read(lba21(in, at), six(u8(in, at + 4)), 0, false);
            case 0x0a -> new ScsiCommand.Write(lba21(in, at), six(u8(in, at + 4)), 0, false);
            case 0x12 -> inquiry(in, at);
            case 0x15 -> modeSelect(in, at, false, u8(in, at + 4));
            case 0x16 -> new ScsiCommand.ReserveUnit(bit(in, at + 1, 4));
            case 0x17 -> new ScsiCommand.ReleaseUnit(bit(in, at + 1, 4));
            case 0x1a -> modeSense(in, at, false, u8(in, at + 4));
            case 0x1b -> startStop(in, at);
            case 0x1d -> new ScsiCommand.SendDiagnostic(bit(in, at + 1, 2), u16(in, at + 3));
            case 0x1e -> new ScsiCommand.PreventAllowRemoval(u8(in, at + 4) & 3);
            case 0x25 -> new ScsiCommand.ReadCapacity10(u32(in, at + 2), bit(in, at + 8, 0));
            case 0x28 -> read(in, at, u32(in, at + 2), u16(in, at + 7));
            case 0x2a -> write(in, at, u32(in, at + 2), u16(in, at + 7));
            case 0x2e -> writeVerify(in, at, u32(in, at + 2), u16(in, at + 7));
            case 0x2f -> verify(in, at, u32(in, at + 2), u16(in, at + 7));
            case 0x34 -> new ScsiCommand.PreFetch(u32(in, at + 2), u16(in, at + 7));
            case 0x35 -> new ScsiCommand.SynchronizeCache(u32(in, at + 2), u16(in, at + 7));
            case 0x37 -> readDefectData(in, at, false);
            case 0x41 -> writeSame(in, at, u32(in, at + 2), u16(in, at + 7), false);
            case 0x42 -> new ScsiCommand.Unmap(bit(in, at + 1, 0), u16(in, at + 7));
            case 0x48 -> sanitize(in, at);
            case 0x55 -> modeSelect(in, at, true, u16(in, at + 7));
            case 0x56 -> new ScsiCommand.ReserveUnit(bit(in, at + 1, 4));
            case 0x57 -> new ScsiCommand.ReleaseUnit(bit(in, at + 1, 4));
            case 0x5a -> modeSense(in, at, true, u16(in, at + 7));
            case 0x5e ->
                    new ScsiCommand.PersistentReserveIn(u8(in, at + 1) & 0x1f, u16(in, at + 7));
            case 0x5f -> persistentReserveOut(in, at);
            case 0x83 -> new ScsiCommand.ExtendedCopy(u8(in, at + 1) & 0x1f, u32(in, at + 10));
            case 0x84 ->
                    new ScsiCommand.ReceiveCopyResults(
                            u8(in, at + 1) & 0x1f, u8(in, at + 2), u32(in, at + 10));
            case 0x88 -> read(in, at, in.getLong(at + 2), u32(in, at + 10));
            case 0x89 -> compareAndWrite(in, at);
            case 0x8a -> write(in, at, in.getLong(at + 2), u32(in, at + 10));
            case 0x8b -> orWrite(in, at);
            case 0x8e -> writeVerify(in, at, in.getLong(at + 2), u32(in, at + 10));
            case 0x8f -> verify(in, at, in.getLong(at + 2), u32(in, at + 10));
            case 0x90 -> new ScsiCommand.PreFetch(in.getLong(at + 2), u32(in, at + 10));
            case 0x91 -> new ScsiCommand.SynchronizeCache(in.getLong(at + 2), u32(in, at + 10));
            case 0x93 -> writeSame(in, at, in.getLong(at + 2), u32(in, at + 10), true);
            case 0x9c -> writeAtomic(in, at);
            case 0x9e -> serviceActionIn(in, at);
            case 0xa0 -> new ScsiCommand.ReportLuns(u8(in, at + 2), u32(in, at + 6));
            case 0xa3 -> maintenanceIn(in, at);
            case 0xa4 -> maintenanceOut(in, at);
            case 0xa8 -> read(in, at, u32(in, at + 2), u32(in, at + 6));
            case 0xaa -> write(in, at, u32(in, at + 2), u32(in, at + 6));
            case 0xae -> writeVerify(in, at, u32(in, at + 2), u32(in, at + 6));
            case 0xaf -> verify(in, at, u32(in, at + 2), u32(in, at + 6));
            case 0xb7 -> readDefectData(in, at, true);
            default -> new ScsiCommand.Unsupported(opcode);
        };
    }

    private static ScsiCommand inquiry(ByteBuffer in, int at) {
        return new ScsiCommand.Inquiry(bit(in, at + 1, 0), u8(in, at + 2), u16(in, at + 3));
    }

    private static ScsiCommand read(ByteBuffer in, int at, long lba, long blocks) {
        return new ScsiCommand.Read(lba, blocks, u8(in, at + 1) >> 5, bit(in, at + 1, 3));
    }

    private static ScsiCommand write(ByteBuffer in, int at, long lba, long blocks) {
        return new ScsiCommand.Write(lba, blocks, u8(in, at + 1) >> 5, bit(in, at + 1, 3));
    }

    private static ScsiCommand writeAtomic(ByteBuffer in, int at) {
        return new ScsiCommand.WriteAtomic(
                in.getLong(at + 2),
                u16(in, at + 12),
                u8(in, at + 1) >> 5,
                bit(in, at + 1, 3),
                u16(in, at + 10));
    }

    private static ScsiCommand writeVerify(ByteBuffer in, int at, long lba, long blocks) {
        return new ScsiCommand.WriteVerify(
                lba, blocks, u8(in, at + 1) >> 5, (u8(in, at + 1) >> 1) & 3);
    }

    private static ScsiCommand verify(ByteBuffer in, int at, long lba, long blocks) {
        return new ScsiCommand.Verify(lba, blocks, u8(in, at + 1) >> 5, (u8(in, at + 1) >> 1) & 3);
    }

    private static ScsiCommand compareAndWrite(ByteBuffer in, int at) {
        return new ScsiCommand.CompareAndWrite(
                in.getLong(at + 2), u8(in, at + 13), u8(in, at + 1) >> 5, bit(in, at + 1, 3));
    }

    private static ScsiCommand orWrite(ByteBuffer in, int at) {
        return new ScsiCommand.OrWrite(
                in.getLong(at + 2), u32(in, at + 10), u8(in, at + 1) >> 5, bit(in, at + 1, 3));
    }

    private static ScsiCommand writeSame(
            ByteBuffer in, int at, long lba, long blocks, boolean sixteen) {
        int flags = u8(in, at + 1);
        return new ScsiCommand.WriteSame(
                lba,
                blocks,
                flags >> 5,
                (flags & 0x10) != 0,
                (flags & 0x08) != 0,
                // PBDATA and LBDATA of older standards.
                (flags & 0x06) != 0,
                sixteen && (flags & RELATIVE_ADDRESS) != 0);
    }

    private static ScsiCommand readDefectData(ByteBuffer in, int at, boolean twelve) {
        int flags = u8(in, at + (twelve ? 1 : 2));
        return new ScsiCommand.ReadDefectData(
                twelve,
                flags & 7,
                (flags & 0x10) != 0,
                (flags & 0x08) != 0,
                twelve ? u32(in, at + 6) : u16(in, at + 7));
    }

    private static ScsiCommand modeSense(ByteBuffer in, int at, boolean ten, int allocation) {
        return new ScsiCommand.ModeSense(
                ten,
                bit(in, at + 1, 3),
                ten && bit(in, at + 1, 4),
                u8(in, at + 2) >> 6,
                u8(in, at + 2) & 0x3f,
                u8(in, at + 3),
                allocation);
    }

    private static ScsiCommand modeSelect(ByteBuffer in, int at, boolean ten, int length) {
        return new ScsiCommand.ModeSelect(ten, bit(in, at + 1, 4), bit(in, at + 1, 0), length);
    }

    private static ScsiCommand startStop(ByteBuffer in, int at) {
        int flags = u8(in, at + 4);
        return new ScsiCommand.StartStopUnit(
                (flags & 4) != 0, (flags & 2) != 0, (flags & 1) != 0, flags >> 4);
    }

    private static ScsiCommand sanitize(ByteBuffer in, int at) {
        // So much is lost by it that reserved fields are looked at, SBC-3 5.30.1.
        if (bit(in, at + 1, 6)) {
            return new ScsiCommand.InvalidField(1);
        }
        for (int index = 2; index <= 6; index++) {
            if (u8(in, at + index) != 0) {
                return new ScsiCommand.InvalidField(index);
            }
        }
        return new ScsiCommand.Sanitize(
                u8(in, at + 1) & 0x1f, bit(in, at + 1, 7), bit(in, at + 1, 5), u16(in, at + 7));
    }

    private static ScsiCommand persistentReserveOut(ByteBuffer in, int at) {
        return new ScsiCommand.PersistentReserveOut(
                u8(in, at + 1) & 0x1f, u8(in, at + 2) >> 4, u8(in, at + 2) & 0xf, u32(in, at + 5));
    }

    private static ScsiCommand serviceActionIn(ByteBuffer in, int at) {
        return switch (u8(in, at + 1) & 0x1f) {
            case 0x10 -> new ScsiCommand.ReadCapacity16(u32(in, at + 10));
            case 0x12 -> new ScsiCommand.GetLbaStatus(in.getLong(at + 2), u32(in, at + 10));
            default -> new ScsiCommand.InvalidField(1);
        };
    }

    private static ScsiCommand maintenanceIn(ByteBuffer in, int at) {
        return switch (u8(in, at + 1) & 0x1f) {
            case 0x0a ->
                    new ScsiCommand.ReportTargetPortGroups(
                            (u8(in, at + 1) >> 5) == 1, u32(in, at + 6));
            case 0x0c ->
                    new ScsiCommand.ReportSupportedOperations(
                            bit(in, at + 2, 7),
                            u8(in, at + 2) & 7,
                            u8(in, at + 3),
                            u16(in, at + 4),
                            u32(in, at + 6));
            default -> new ScsiCommand.InvalidField(1);
        };
    }

    private static ScsiCommand maintenanceOut(ByteBuffer in, int at) {
        return (u8(in, at + 1) & 0x1f) == 0x0a
                ? new ScsiCommand.SetTargetPortGroups(u32(in, at + 6))
                : new ScsiCommand.InvalidField(1);
    }

    private static long lba21(ByteBuffer in, int at) {
        return in.getInt(at) & 0x1f_ffff;
    }

    /** READ(6) and WRITE(6): a length of zero means 256 blocks. */
    private static long six(int length) {
        return length == 0 ? 256 : length;
    }

    private static boolean bit(ByteBuffer in, int index, int bit) {
        return (in.get(index) >> bit & 1) != 0;
    }

    private static int u8(ByteBuffer in, int index) {
        return in.get(index) & 0xff;
    }

    private static int u16(ByteBuffer in, int index) {
        return in.getShort(index) & 0xffff;
    }

    private static long u32(ByteBuffer in, int index) {
        return in.getInt(index) & 0xffff_ffffL;
    }
}
