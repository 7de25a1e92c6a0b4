package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.login.LoginRequest;
import java.nio.ByteBuffer;
import java.util.SequencedMap;

/** Login Request and Login Response, RFC 7143 11.12 and 11.13. */
public final class LoginPdu {
    private static final int TRANSIT = 0x80;

    private LoginPdu() {}

    public static boolean continues(ByteBuffer bhs) {
        return (Bhs.flags(bhs) & Bhs.CONTINUE) != 0;
    }

    public static boolean transits(ByteBuffer bhs) {
        return (Bhs.flags(bhs) & TRANSIT) != 0;
    }

    public static int currentStage(ByteBuffer bhs) {
        return (Bhs.flags(bhs) >> 2) & 3;
    }

    public static int nextStage(ByteBuffer bhs) {
        return Bhs.flags(bhs) & 3;
    }

    public static long isid(ByteBuffer bhs) {
        return bhs.getLong(8) >>> 16;
    }

    public static int tsih(ByteBuffer bhs) {
        return bhs.getShort(14) & 0xffff;
    }

    public static int connectionId(ByteBuffer bhs) {
        return bhs.getShort(20) & 0xffff;
    }

    /** Status class in the high byte, detail in the low byte. */
    public static int status(ByteBuffer bhs) {
        return bhs.getShort(36) & 0xffff;
    }

    public static LoginRequest decode(ByteBuffer bhs, SequencedMap<String, String> keys) {
        return new LoginRequest(
                transits(bhs),
                currentStage(bhs),
                nextStage(bhs),
                Bhs.byteAt(bhs, 3),
                isid(bhs),
                tsih(bhs),
                connectionId(bhs),
                keys);
    }

    /** A response header; the sequence numbers are the caller's. */
    public static void encodeResponse(
            ByteBuffer bhs,
            boolean transit,
            int currentStage,
            int nextStage,
            int dataLength,
            long isid,
            int tsih,
            int status) {
        int flags = (transit ? TRANSIT : 0) | (currentStage << 2) | (transit ? nextStage : 0);
        Bhs.begin(bhs, Opcode.LOGIN_RESPONSE, flags, dataLength);
        bhs.putLong(8, (isid << 16) | (tsih & 0xffff));
        bhs.putShort(36, (short) status);
    }

    /** A request header; tags and sequence numbers are the caller's. */
    public static void encodeRequest(
            ByteBuffer bhs,
            boolean transit,
            int currentStage,
            int nextStage,
            int dataLength,
            long isid) {
        int flags = (transit ? TRANSIT : 0) | (currentStage << 2) | (transit ? nextStage : 0);
        Bhs.begin(bhs, Opcode.LOGIN_REQUEST | Bhs.IMMEDIATE, flags, dataLength);
        bhs.putLong(8, isid << 16);
    }
}
