package io.holdfast.controller.codec;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.controller.core.ControllerMessage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Messages between controllers as bytes.
 *
 * <pre>
 * offset  bytes
 * 0       1      0: the JSON follows; 1: its length and the JSON deflated (RFC 1950) follow
 * 1       4      length of the JSON in bytes, big-endian; only after a 1
 * </pre>
 *
 * Status sections grow with nodes times resources, and shrink to a twentieth; what is small is sent
 * as it is. Both sides refuse JSON of more than {@value #LARGEST_JSON_BYTES} bytes: the daemon has
 * a small heap, and a message is in it several times over.
 */
public final class MessageCodec {
    public static final int LARGEST_JSON_BYTES = 64 << 20;

    private static final int DEFLATED_FROM_BYTES = 64 << 10;
    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;
    private static final int DEFLATED_HEADER_BYTES = 5;

    private MessageCodec() {}

    /**
     * Its bytes.
     *
     * @param largestBytes what the transport takes
     * @throws ProblemException when it is larger than that, or than any receiver takes
     */
    public static byte[] encode(ControllerMessage message, int largestBytes) {
        byte[] json = ControllerJson.bytes(message);
        if (json.length > LARGEST_JSON_BYTES) {
            throw new ProblemException(tooLarge(message, json.length, LARGEST_JSON_BYTES));
        }
        byte[] bytes = json.length < DEFLATED_FROM_BYTES ? plain(json) : deflated(json);
        if (bytes.length > largestBytes) {
            throw new ProblemException(tooLarge(message, bytes.length, largestBytes));
        }
        return bytes;
    }

    /**
     * What a member sent.
     *
     * @param source who, for messages to people
     * @throws ProblemException when it cannot be understood
     */
    public static ControllerMessage decode(byte[] bytes, String source) {
        return ControllerJson.read(json(bytes, source), ControllerMessage.class, source);
    }

    private static byte[] json(byte[] bytes, String source) {
        if (bytes.length == 0) {
            throw malformed(source, "it is empty");
        }
        return switch (bytes[0]) {
            case PLAIN -> Arrays.copyOfRange(bytes, 1, bytes.length);
            case DEFLATED -> inflated(bytes, source);
            default -> throw malformed(source, "its form is " + bytes[0]);
        };
    }

    private static byte[] plain(byte[] json) {
        byte[] bytes = new byte[1 + json.length];
        bytes[0] = PLAIN;
        System.arraycopy(json, 0, bytes, 1, json.length);
        return bytes;
    }

    private static byte[] deflated(byte[] json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length / 8);
        byte[] header =
                ByteBuffer.allocate(DEFLATED_HEADER_BYTES)
                        .put(DEFLATED)
                        .putInt(json.length)
                        .array();
        bytes.write(header, 0, header.length);
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(json);
            deflater.finish();
            byte[] chunk = new byte[64 << 10];
            while (!deflater.finished()) {
                bytes.write(chunk, 0, deflater.deflate(chunk));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] inflated(byte[] bytes, String source) {
        if (bytes.length < DEFLATED_HEADER_BYTES) {
            throw malformed(source, "it ends in its header");
        }
        int length = ByteBuffer.wrap(bytes).getInt(1);
        if (length < 0 || length > LARGEST_JSON_BYTES) {
            throw malformed(source, "it says that it is " + length + " bytes long");
        }
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(bytes, DEFLATED_HEADER_BYTES, bytes.length - DEFLATED_HEADER_BYTES);
            // One byte more, so that the checksum at the end is looked at, too.
            byte[] json = new byte[length + 1];
            int got = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(json, got, json.length - got);
                if (more == 0 && !inflater.finished()) {
                    throw malformed(source, "it ends after " + got + " of " + length + " bytes");
                }
                got += more;
            }
            if (got != length || inflater.getRemaining() > 0) {
                throw malformed(source, "it has another length than it says");
            }
            return Arrays.copyOf(json, length);
        } catch (DataFormatException e) {
            throw malformed(source, "it is not deflated: " + e.getMessage());
        }
    }

    private static Problem tooLarge(ControllerMessage message, int bytes, int limit) {
        return new Problem(
                "a message to other nodes is too large and was not sent",
                message.getClass().getSimpleName(),
                "it has " + bytes + " bytes; at most " + limit + " are taken",
                "configure fewer resources or nodes, or split the cluster in two");
    }

    private static ProblemException malformed(String source, String why) {
        return new ProblemException(
                new Problem(
                        "a message cannot be understood",
                        source,
                        why,
                        "run the same version of Holdfast on every node"));
    }
}
