package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.Extent;
import io.holdfast.iscsi.core.scsi.ModePages;
import io.holdfast.iscsi.core.scsi.ParameterList;
import io.holdfast.iscsi.core.scsi.ScsiCommand;
import io.holdfast.iscsi.core.scsi.Sense;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Parameter lists that come as data-out, from bytes. */
public final class ParameterCodec {
    private ParameterCodec() {}

    /** Decodes what came for this command, from index 0 to the limit. */
    public static ParameterList decode(ScsiCommand command, ByteBuffer in) {
        return switch (command) {
            case ScsiCommand.ModeSelect select -> modeSelect(select.ten(), in);
            case ScsiCommand.Unmap _ -> unmap(in);
            case ScsiCommand.PersistentReserveOut _ -> reservation(in);
            case ScsiCommand.Sanitize _ -> overwrite(in);
            case ScsiCommand.ExtendedCopy _ -> CopyListCodec.decode(in);
            case ScsiCommand.SetTargetPortGroups _ -> accessStates(in);
            default -> new ParameterList.Empty();
        };
    }

    private static ParameterList modeSelect(boolean ten, ByteBuffer in) {
        int header = ten ? 8 : 4;
        if (in.limit() < header) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        int descriptors = ten ? in.getShort(6) & 0xffff : in.get(3) & 0xff;
        if (header + descriptors > in.limit()) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        List<ModePages.Page> pages = new ArrayList<>();
        int at = header + descriptors;
        while (at < in.limit()) {
            boolean subpages = (in.get(at) & 0x40) != 0;
            int pageHeader = subpages ? 4 : 2;
            if (at + pageHeader > in.limit()) {
                return malformed(Sense.PARAMETER_LIST_LENGTH);
            }
            int length = subpages ? in.getShort(at + 2) & 0xffff : in.get(at + 1) & 0xff;
            if (at + pageHeader + length > in.limit()) {
                return malformed(Sense.PARAMETER_LIST_LENGTH);
            }
            byte[] body = new byte[length];
            in.get(at + pageHeader, body);
            int subpage = subpages ? in.get(at + 1) & 0xff : 0;
            pages.add(
                    new ModePages.Page(in.get(at) & 0x3f, subpage, HexFormat.of().formatHex(body)));
            at += pageHeader + length;
        }
        return new ParameterList.ModePageList(List.copyOf(pages));
    }

    private static ParameterList unmap(ByteBuffer in) {
        if (in.limit() < 8) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        int length = in.getShort(2) & 0xffff;
        List<Extent> extents = new ArrayList<>();
        for (int at = 8; at + 16 <= Math.min(in.limit(), 8 + length); at += 16) {
            long blocks = in.getInt(at + 8) & 0xffff_ffffL;
            extents.add(new Extent(in.getLong(at), blocks));
        }
        return new ParameterList.UnmapList(List.copyOf(extents));
    }

    private static ParameterList reservation(ByteBuffer in) {
        if (in.limit() < 24) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        int flags = in.get(20);
        // Without SPEC_I_PT the list has exactly 24 bytes, SPC-4 6.16.3.
        if ((flags & 8) == 0 && in.limit() != 24) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        return new ParameterList.ReservationParameters(
                in.getLong(0), in.getLong(8), (flags & 8) != 0, (flags & 4) != 0, (flags & 1) != 0);
    }

    private static ParameterList accessStates(ByteBuffer in) {
        if (in.limit() < 4 || in.limit() % 4 != 0) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        List<ParameterList.AccessStates.Wanted> groups = new ArrayList<>();
        for (int at = 4; at < in.limit(); at += 4) {
            groups.add(
                    new ParameterList.AccessStates.Wanted(
                            in.getShort(at + 2) & 0xffff, in.get(at) & 0xf));
        }
        return new ParameterList.AccessStates(List.copyOf(groups));
    }

    /** SBC-3 5.30.2.2: a count of 1 to 31 passes and a pattern of at most one block. */
    private static ParameterList overwrite(ByteBuffer in) {
        if (in.limit() < 5) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        int count = in.get(0) & 0x1f;
        int length = in.getShort(2) & 0xffff;
        if (count == 0) {
            return malformed(Sense.invalidFieldInParameters(0));
        }
        if (length == 0 || length > 512 || length + 4 != in.limit()) {
            return malformed(Sense.invalidFieldInParameters(2));
        }
        List<Byte> pattern = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            pattern.add(in.get(4 + i));
        }
        return new ParameterList.OverwritePattern(List.copyOf(pattern));
    }

    private static ParameterList malformed(Sense sense) {
        return new ParameterList.Malformed(sense);
    }
}
