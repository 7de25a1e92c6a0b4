package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.InvariantViolation;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerFrameTest {
    private static final PeerFrame WRITE =
            PeerFrame.write(0x1122334455667788L, 0xABC000, 8192, 0b10100, new Epoch(7), 0x55);

    static PeerFrame[] frames() {
        return new PeerFrame[] {
            PeerFrame.ping(),
            PeerFrame.message(1),
            PeerFrame.message(PeerFrame.MAX_MESSAGE_BYTES),
            WRITE,
            PeerFrame.write(Long.MAX_VALUE, 0, PeerFrame.MAX_DATA_BYTES, -1, Epoch.NONE, 0),
            PeerFrame.resyncWrite(9, 4096, 512, 3),
            PeerFrame.received(Long.MAX_VALUE),
            PeerFrame.written(false, 5, IoStatus.OK),
            PeerFrame.written(true, 6, IoStatus.MEDIUM_ERROR),
            PeerFrame.flush(-3, 12),
            PeerFrame.flushed(4, IoStatus.NO_SPACE),
        };
    }

    @Test
    void aWriteHasTheseBytes() {
        assertThat(HexFormat.of().formatHex(encoded(WRITE)))
                .startsWith(
                        "03" // WRITE
                                + "00" // OK
                                + "0000"
                                + "00002000"
                                + "1122334455667788"
                                + "0000000000abc000"
                                + "0000000000000007"
                                + "0000000000000055"
                                + "00000014")
                .hasSize(2 * PeerFrame.HEAD_BYTES);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyFrameComesBackAsItWas(PeerFrame frame) throws PeerFrameException {
        ByteBuffer in = ByteBuffer.wrap(encoded(frame));
        assertThat(PeerFrame.decode(in)).isEqualTo(frame);
        assertThat(in.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyTruncationIsRefused(PeerFrame frame) {
        byte[] bytes = encoded(frame);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> PeerFrame.decode(cut)).isInstanceOf(PeerFrameException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyFlippedBitIsRefused(PeerFrame frame) {
        byte[] bytes = encoded(frame);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(damaged);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 513, -512, Integer.MIN_VALUE, PeerFrame.MAX_DATA_BYTES + 512})
    void dataOfAnImpossibleLengthIsRefused(int lengthBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded(WRITE)).putInt(4, lengthBytes);
        assertRefused(withRightChecksum(bytes.array()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, PeerFrame.MAX_MESSAGE_BYTES + 1, Integer.MAX_VALUE})
    void aMessageOfAnImpossibleLengthIsRefused(int lengthBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded(PeerFrame.message(1))).putInt(4, lengthBytes);
        assertRefused(withRightChecksum(bytes.array()));
    }

    @Test
    void anAcknowledgementWithAPayloadIsRefused() {
        ByteBuffer bytes = ByteBuffer.wrap(encoded(PeerFrame.received(1))).putInt(4, 1);
        assertRefused(withRightChecksum(bytes.array()));
    }

    @ParameterizedTest
    @ValueSource(longs = {-512, 1, 511, Long.MIN_VALUE})
    void anImpossibleOffsetIsRefused(long offsetBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded(WRITE)).putLong(16, offsetBytes);
        assertRefused(withRightChecksum(bytes.array()));
    }

    @Test
    void unknownTypesAndStatusesAndReservedBitsAndNegativeEpochsAreRefused() {
        assertRefused(withRightChecksum(withByte(0, 0)));
        assertRefused(withRightChecksum(withByte(0, 10)));
        assertRefused(withRightChecksum(withByte(1, 5)));
        assertRefused(withRightChecksum(withByte(1, 255)));
        assertRefused(withRightChecksum(withByte(3, 1)));
        assertRefused(withRightChecksum(withByte(24, 0x80)));
    }

    @Test
    void aWriteThatNoPeerWouldTakeIsNotSent() {
        PeerFrame tooLong = PeerFrame.resyncWrite(1, 0, PeerFrame.MAX_DATA_BYTES + 512, 0);
        assertThatThrownBy(() -> encoded(tooLong)).isInstanceOf(InvariantViolation.class);
    }

    private static byte[] withByte(int at, int value) {
        byte[] bytes = encoded(WRITE);
        bytes[at] = (byte) value;
        return bytes;
    }

    private static byte[] withRightChecksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 44);
        ByteBuffer.wrap(bytes).putInt(44, (int) crc.getValue());
        return bytes;
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> PeerFrame.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(PeerFrameException.class);
    }

    private static byte[] encoded(PeerFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(PeerFrame.HEAD_BYTES);
        frame.encode(out);
        return out.array();
    }
}
