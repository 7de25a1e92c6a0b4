package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.Sense;
import java.nio.ByteBuffer;

/** Sense data in fixed (0x70) and descriptor (0x72) format, SPC-4 4.5. */
public final class SenseCodec {
    private static final int FIXED_BYTES = 18;

    private SenseCodec() {}

    public static byte[] encode(Sense sense, boolean descriptorFormat) {
        return descriptorFormat ? descriptor(sense) : fixed(sense);
    }

    private static byte[] fixed(Sense sense) {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES);
        boolean informed = sense.information() >= 0;
        out.put(0, (byte) (informed ? 0xf0 : 0x70));
        out.put(2, (byte) sense.key());
        if (informed) {
            out.putInt(3, (int) sense.information());
        }
        out.put(7, (byte) (FIXED_BYTES - 8));
        out.putShort(12, (short) sense.additional());
        if (sense.fieldPointer() >= 0) {
            out.put(15, keySpecificFlags(sense));
            out.putShort(16, (short) sense.fieldPointer());
        }
        return out.array();
    }

    private static byte[] descriptor(Sense sense) {
        ByteBuffer out = ByteBuffer.allocate(8 + 12 + 8);
        out.put((byte) 0x72).put((byte) sense.key()).putShort((short) sense.additional());
        out.position(8);
        if (sense.information() >= 0) {
            out.put((byte) 0x00).put((byte) 0x0a).put((byte) 0x80).put((byte) 0);
            out.putLong(sense.information());
        }
        if (sense.fieldPointer() >= 0) {
            out.put((byte) 0x02).put((byte) 0x06).putShort((short) 0);
            out.put(keySpecificFlags(sense)).putShort((short) sense.fieldPointer()).put((byte) 0);
        }
        int length = out.position();
        out.put(7, (byte) (length - 8));
        byte[] bytes = new byte[length];
        out.get(0, bytes);
        return bytes;
    }

    /** SKSV, and C/D when the field is in the CDB. */
    private static byte keySpecificFlags(Sense sense) {
        return (byte) (sense.inCdb() ? 0xc0 : 0x80);
    }
}
