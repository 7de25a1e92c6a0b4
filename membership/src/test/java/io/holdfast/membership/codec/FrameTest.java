package io.holdfast.membership.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final FrameKey KEY = FrameKey.of(new byte[128]);
    private static final NodeId SELF = new NodeId("server1");

    private final FrameSealer sealer = new FrameSealer(KEY, SELF, 0x1122334455667788L);

    @Test
    void aFrameHasTheseBytes() {
        ByteBuffer frame = sealer.seal(0x0102030405060708L, message("hello"));
        assertThat(HexFormat.of().formatHex(bytes(frame)))
                .isEqualTo(
                        "48464d42"
                                + "01"
                                + HexFormat.of().toHexDigits(KEY.id())
                                + "1122334455667788"
                                + "0000000000000001"
                                + "0773657276657231"
                                + SEALED);
    }

    /** Of AES-256-GCM under the key that HKDF-SHA256 derives from 128 zero bytes; frozen. */
    private static final String SEALED =
            "b986939a1a2ab774afe06a31506e0bc9a21fca62eec116defb9319b14e";

    @Test
    void whatWasSealedIsOpened() {
        FrameOpener.Opened opened = open(KEY, sealer.seal(99, message("hello"))).orElseThrow();
        assertThat(opened.header().sender()).isEqualTo(SELF);
        assertThat(opened.header().incarnation()).isEqualTo(0x1122334455667788L);
        assertThat(opened.header().number()).isEqualTo(1);
        assertThat(opened.namedIncarnation()).isEqualTo(99);
        assertThat(StandardCharsets.UTF_8.decode(opened.message()).toString()).isEqualTo("hello");
    }

    @Test
    void everyFrameHasAnotherNumberAndNothingReadable() {
        byte[] first = bytes(sealer.seal(1, message("hello")));
        byte[] second = bytes(sealer.seal(1, message("hello")));
        assertThat(first).isNotEqualTo(second);
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("hello");
    }

    @Test
    void anotherIncarnationOfTheSameSenderHasAnotherKey() {
        byte[] other = bytes(new FrameSealer(KEY, SELF, 7).seal(1, message("hello")));
        byte[] frame = bytes(sealer.seal(1, message("hello")));
        int sealedFrom = frame.length - SEALED.length() / 2;
        assertThat(Arrays.copyOfRange(other, sealedFrom, other.length))
                .isNotEqualTo(Arrays.copyOfRange(frame, sealedFrom, frame.length));
    }

    @Test
    void anyChangedByteIsFound() {
        byte[] frame = bytes(sealer.seal(1, message("hello")));
        for (int i = 0; i < frame.length; i++) {
            byte[] changed = frame.clone();
            changed[i] ^= 1;
            assertThat(open(KEY, ByteBuffer.wrap(changed))).as("byte %d", i).isEmpty();
        }
    }

    @Test
    void everyTruncationIsFound() {
        byte[] frame = bytes(sealer.seal(1, message("hello")));
        for (int length = 0; length < frame.length; length++) {
            assertThat(open(KEY, ByteBuffer.wrap(frame, 0, length).slice())).isEmpty();
        }
    }

    @Test
    void anotherKeyHasAnotherIdAndOpensNothing() {
        byte[] secret = new byte[128];
        secret[0] = 1;
        FrameKey other = FrameKey.of(secret);
        assertThat(other.id()).isNotEqualTo(KEY.id());
        assertThat(open(other, sealer.seal(1, message("hello")))).isEmpty();
    }

    @Test
    void theLongestNameFitsTheOverheadThatIsReserved() {
        FrameSealer longest = new FrameSealer(KEY, new NodeId("n".repeat(63)), 1);
        ByteBuffer frame = longest.seal(1, message(""));
        assertThat(frame.remaining()).isEqualTo(FrameSealer.LARGEST_OVERHEAD);
        assertThat(open(KEY, frame)).isPresent();
    }

    private static Optional<FrameOpener.Opened> open(FrameKey key, ByteBuffer frame) {
        return FrameHeader.get(frame).flatMap(header -> new FrameOpener(key).open(header, frame));
    }

    private static ByteBuffer message(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
