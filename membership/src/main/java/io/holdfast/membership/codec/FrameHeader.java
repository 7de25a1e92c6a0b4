package io.holdfast.membership.codec;

import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The part of a frame that is authenticated but not encrypted, big-endian:
 *
 * <pre>
 *   magic "HFMB" (4)  version 1 (1)  key id (8)  incarnation (8)  number (8)
 *   sender: length (1), name (1 to 63)
 * </pre>
 *
 * @param keyId of the cluster's key
 * @param incarnation of the sending process, random, never 0
 * @param number counts this process's frames from 1; the nonce
 */
public record FrameHeader(long keyId, NodeId sender, long incarnation, long number) {
    static final int MAGIC = 0x48464d42;
    static final byte VERSION = 1;

    void put(ByteBuffer out) {
        out.putInt(MAGIC).put(VERSION).putLong(keyId).putLong(incarnation).putLong(number);
        Wire.putNode(out, sender);
    }

    /** Empty for anything that is not a frame of this version. Leaves the position behind it. */
    public static Optional<FrameHeader> get(ByteBuffer in) {
        try {
            if (in.getInt() != MAGIC || in.get() != VERSION) {
                return Optional.empty();
            }
            long keyId = in.getLong();
            long incarnation = in.getLong();
            long number = in.getLong();
            return Optional.of(new FrameHeader(keyId, Wire.getNode(in), incarnation, number));
        } catch (BufferUnderflowException | ProblemException e) {
            return Optional.empty();
        }
    }
}
