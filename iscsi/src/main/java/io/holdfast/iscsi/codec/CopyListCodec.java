package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.ParameterList;
import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.scsi.Sense;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The parameter list of EXTENDED COPY(LID1), SPC-4 6.4.3, as far as disks need it. */
final class CopyListCodec {
    static final int MAX_TARGETS = 2;
    static final int MAX_SEGMENTS = 16;
    static final int TARGET_BYTES = 32;
    static final int SEGMENT_BYTES = 28;
    static final int MAX_DESCRIPTOR_BYTES =
            MAX_TARGETS * TARGET_BYTES + MAX_SEGMENTS * SEGMENT_BYTES;

    private static final int HEADER_BYTES = 16;
    private static final Sense TOO_MANY_TARGETS = Sense.of(Sense.ILLEGAL_REQUEST, 0x2606);
    private static final Sense UNSUPPORTED_TARGET = Sense.of(Sense.ILLEGAL_REQUEST, 0x2607);
    private static final Sense TOO_MANY_SEGMENTS = Sense.of(Sense.ILLEGAL_REQUEST, 0x2608);
    private static final Sense UNSUPPORTED_SEGMENT = Sense.of(Sense.ILLEGAL_REQUEST, 0x2609);
    private static final Sense UNREACHABLE_TARGET = Sense.of(Sense.COPY_ABORTED, 0x0804);
    private static final Sense INLINE_DATA = Sense.of(Sense.ILLEGAL_REQUEST, 0x260b);

    private CopyListCodec() {}

    static ParameterList decode(ByteBuffer in) {
        if (in.remaining() < HEADER_BYTES) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        int identifier = in.get(0) & 0xff;
        int targetBytes = in.getShort(2) & 0xffff;
        long segmentBytes = in.getInt(8) & 0xffff_ffffL;
        long inlineBytes = in.getInt(12) & 0xffff_ffffL;
        if (inlineBytes != 0) {
            return malformed(INLINE_DATA);
        }
        if (targetBytes + segmentBytes > MAX_DESCRIPTOR_BYTES) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        if (targetBytes / TARGET_BYTES > MAX_TARGETS) {
            return malformed(TOO_MANY_TARGETS);
        }
        if (segmentBytes / SEGMENT_BYTES > MAX_SEGMENTS) {
            return malformed(TOO_MANY_SEGMENTS);
        }
        if (HEADER_BYTES + targetBytes + segmentBytes > in.remaining()
                || targetBytes % TARGET_BYTES != 0) {
            return malformed(Sense.PARAMETER_LIST_LENGTH);
        }
        List<String> targets = new ArrayList<>();
        for (int at = HEADER_BYTES; at < HEADER_BYTES + targetBytes; at += TARGET_BYTES) {
            // Only identification descriptors of disks, naming a unit by NAA.
            if ((in.get(at) & 0xff) != 0xe4 || (in.get(at + 1) & 0x1f) != 0) {
                return malformed(UNSUPPORTED_TARGET);
            }
            // NUL: a null device, which disks do not copy to.
            if ((in.get(at + 1) & 0x20) != 0) {
                return malformed(Sense.COPY_REFUSED);
            }
            targets.add(naa(in, at));
        }
        return segments(in, HEADER_BYTES + targetBytes, (int) segmentBytes, identifier, targets);
    }

    private static String naa(ByteBuffer in, int at) {
        boolean naa = (in.get(at + 5) & 0x0f) == 3;
        int length = in.get(at + 7) & 0xff;
        if (!naa || length > 20) {
            return "";
        }
        byte[] designator = new byte[length];
        in.get(at + 8, designator);
        return HexFormat.of().formatHex(designator);
    }

    private static ParameterList segments(
            ByteBuffer in, int start, int bytes, int identifier, List<String> targets) {
        List<Plan.CopySegment> segments = new ArrayList<>();
        for (int at = start; at < start + bytes; at += SEGMENT_BYTES) {
            if ((in.get(at) & 0xff) != 0x02) {
                return malformed(UNSUPPORTED_SEGMENT);
            }
            if (at + SEGMENT_BYTES > start + bytes
                    || (in.getShort(at + 2) & 0xffff) != SEGMENT_BYTES - 4) {
                return malformed(Sense.INVALID_IN_PARAMETER_LIST);
            }
            int source = in.getShort(at + 4) & 0xffff;
            int destination = in.getShort(at + 6) & 0xffff;
            if (source >= targets.size() || destination >= targets.size()) {
                return malformed(UNREACHABLE_TARGET);
            }
            segments.add(
                    new Plan.CopySegment(
                            targets.get(source),
                            in.getLong(at + 12),
                            targets.get(destination),
                            in.getLong(at + 20),
                            in.getShort(at + 10) & 0xffff));
        }
        return new ParameterList.CopyList(identifier, List.copyOf(segments));
    }

    private static ParameterList malformed(Sense sense) {
        return new ParameterList.Malformed(sense);
    }
}
