package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.codec.PeerFrameHandshake.Cause;
import io.holdfast.replication.codec.PeerFrameHandshake.Hello;
import io.holdfast.replication.codec.PeerFrameHandshake.OtherVersion;
import io.holdfast.replication.codec.PeerFrameHandshake.Proof;
import io.holdfast.replication.codec.PeerFrameHandshake.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeerFrameHandshakeTest {
    private static final Hello HELLO =
            new Hello(new VolumeId("r0"), new NodeId("a"), new NodeId("b"), filled(0x11));

    static List<PeerFrameHandshake> packets() {
        String longest = "n".repeat(63);
        return List.of(
                HELLO,
                new Hello(
                        new VolumeId(longest),
                        new NodeId(longest),
                        new NodeId(longest),
                        filled(0xFF)),
                new Proof(filled(0x22)),
                new Refusal(Cause.SECRET));
    }

    /** These bytes are frozen: a change here is a new protocol that no old node can refuse. */
    @Test
    void aHelloHasTheseBytes() {
        assertThat(HexFormat.of().formatHex(encoded(HELLO)))
                .isEqualTo(
                        "484f4c445245504c" // HOLDREPL
                                + "00000002" // version
                                + "01" // hello
                                + "00"
                                + "0027" // 39 bytes follow
                                + "027230" // r0
                                + "0161" // a
                                + "0162" // b
                                + "11".repeat(32));
    }

    @Test
    void aHelloComesBackAsItWas() throws PeerFrameException {
        assertThat(decoded(encoded(HELLO))).usingRecursiveComparison().isEqualTo(HELLO);
    }

    @ParameterizedTest
    @EnumSource
    void everyCauseComesBack(Cause cause) throws PeerFrameException {
        assertThat(decoded(encoded(new Refusal(cause)))).isEqualTo(new Refusal(cause));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void everyTruncationIsRefused(PeerFrameHandshake packet) {
        byte[] bytes = encoded(packet);
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(Arrays.copyOf(bytes, length));
            if (length >= PeerFrameHandshake.HEAD_BYTES) {
                assertRefused(withBodyBytes(Arrays.copyOf(bytes, length)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aByteTooManyIsRefused(PeerFrameHandshake packet) {
        byte[] bytes = encoded(packet);
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1));
        assertRefused(withBodyBytes(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void anotherVersionIsSeenWhateverItsBodyIs() throws PeerFrameException {
        byte[] bytes = encoded(HELLO);
        ByteBuffer.wrap(bytes).putInt(8, 99).put(12, (byte) 99);
        assertThat(decoded(bytes)).isEqualTo(new OtherVersion(99));
    }

    @Test
    void anotherProtocolIsRefused() {
        byte[] bytes = encoded(HELLO);
        bytes[0] = 'G';
        assertThatThrownBy(() -> PeerFrameHandshake.bodyBytes(ByteBuffer.wrap(bytes)))
                .hasMessageContaining("does not speak");
    }

    @Test
    void aLengthIsNotBelievedBeyondItsBound() {
        ByteBuffer head = ByteBuffer.wrap(encoded(HELLO));
        head.putShort(14, (short) (PeerFrameHandshake.MAX_BODY_BYTES + 1));
        assertThatThrownBy(() -> PeerFrameHandshake.bodyBytes(head))
                .isInstanceOf(PeerFrameException.class);
        head.putShort(14, (short) -1);
        assertThatThrownBy(() -> PeerFrameHandshake.bodyBytes(head))
                .isInstanceOf(PeerFrameException.class);
    }

    @Test
    void unknownKindsAndCausesAndBadNamesAreRefused() {
        byte[] kind = encoded(HELLO);
        kind[12] = 4;
        assertRefused(kind);
        byte[] cause = encoded(new Refusal(Cause.NODE));
        cause[16] = 6;
        assertRefused(cause);
        byte[] name = encoded(HELLO);
        name[17] = '/';
        assertRefused(name);
    }

    private static byte[] withBodyBytes(byte[] bytes) {
        int length = bytes.length - PeerFrameHandshake.HEAD_BYTES;
        ByteBuffer.wrap(bytes).putShort(14, (short) length);
        return bytes;
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> decoded(bytes)).isInstanceOf(PeerFrameException.class);
    }

    private static PeerFrameHandshake decoded(byte[] bytes) throws PeerFrameException {
        return PeerFrameHandshake.decode(ByteBuffer.wrap(bytes));
    }

    private static byte[] encoded(PeerFrameHandshake packet) {
        ByteBuffer out = PeerFrameHandshake.encode(packet);
        return Arrays.copyOf(out.array(), out.limit());
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
