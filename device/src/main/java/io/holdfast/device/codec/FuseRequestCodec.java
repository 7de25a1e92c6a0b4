package io.holdfast.device.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the kernel's requests ({@code struct fuse_in_header} and what follows). The kernel is
 * trusted, its messages are checked all the same: a server of another protocol version must not
 * take one field for another.
 */
public final class FuseRequestCodec {
    public static final int HEADER_BYTES = 40;

    /** Where the data of a WRITE begins. */
    public static final int WRITE_DATA_AT = HEADER_BYTES + 40;

    /** How a message was found. */
    public enum Verdict {
        OK,
        /** Shorter or longer than it says, or than its operation needs: the stream is not FUSE. */
        MALFORMED,
        /** The kernel may have sent it so, but no volume can do it: answer with EINVAL. */
        IMPOSSIBLE
    }

    private FuseRequestCodec() {}

    /**
     * Decodes the message that begins at {@code at}.
     *
     * @param bytes in the machine's byte order; position and limit are not looked at
     * @param length how much the kernel gave
     * @param request filled in; its {@link FuseRequest#unique} also when the verdict is IMPOSSIBLE
     */
    public static Verdict decode(ByteBuffer bytes, int at, int length, FuseRequest request) {
        if (bytes.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("FUSE speaks the machine's byte order");
        }
        if (length < HEADER_BYTES || bytes.getInt(at) != length) {
            return Verdict.MALFORMED;
        }
        request.operationNumber = bytes.getInt(at + 4);
        request.unique = bytes.getLong(at + 8);
        request.operation = FuseOperation.of(request.operationNumber);
        int bodyLength = length - HEADER_BYTES;
        if (bodyLength < request.operation.bodyBytes()) {
            return Verdict.MALFORMED;
        }
        int body = at + HEADER_BYTES;
        return switch (request.operation) {
            case READ -> range(request, bytes.getLong(body + 8), unsigned(bytes, body + 16));
            case WRITE -> write(bytes, body, bodyLength, request);
            case FALLOCATE -> {
                request.mode = bytes.getInt(body + 24);
                yield range(request, bytes.getLong(body + 8), bytes.getLong(body + 16));
            }
            case INIT -> init(bytes, body, bodyLength, request);
            case INTERRUPT -> {
                request.interrupted = bytes.getLong(body);
                yield Verdict.OK;
            }
            default -> Verdict.OK;
        };
    }

    private static Verdict write(ByteBuffer bytes, int body, int bodyLength, FuseRequest request) {
        long size = unsigned(bytes, body + 16);
        if (size != bodyLength - FuseOperation.WRITE.bodyBytes()) {
            return Verdict.MALFORMED;
        }
        return range(request, bytes.getLong(body + 8), size);
    }

    private static Verdict init(ByteBuffer bytes, int body, int bodyLength, FuseRequest request) {
        request.major = bytes.getInt(body);
        request.minor = bytes.getInt(body + 4);
        long flags = unsigned(bytes, body + 12);
        // The second word is there only if the first says so (7.36).
        boolean more = (flags & FuseInit.INIT_EXT) != 0 && bodyLength >= 20;
        request.capabilities = more ? flags | unsigned(bytes, body + 16) << 32 : flags;
        return Verdict.OK;
    }

    private static Verdict range(FuseRequest request, long offset, long length) {
        request.offsetBytes = offset;
        request.lengthBytes = length;
        return offset < 0 || length < 0 || offset + length < 0 ? Verdict.IMPOSSIBLE : Verdict.OK;
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
