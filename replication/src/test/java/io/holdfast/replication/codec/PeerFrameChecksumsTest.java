package io.holdfast.replication.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerFrameChecksumsTest {
    @Test
    void theChecksumIsCrc32c() {
        ByteBuffer out = ByteBuffer.allocate(4);
        PeerFrameChecksums.encode(ByteBuffer.wrap("123456789".getBytes(US_ASCII)), out);
        // The check value that RFC 3720 and everyone else gives for CRC32C.
        assertThat(out.getInt(0)).isEqualTo(0xE3069283);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 512, 4095, 4096, 4097, 8192, 1 << 20})
    void intactPayloadsOfAllLengthsPass(int length) throws PeerFrameException {
        ByteBuffer payload = payload(length);
        ByteBuffer checksums = checksums(payload);
        PeerFrameChecksums.verify(payload, checksums);
        assertThat(checksums.hasRemaining()).isFalse();
        assertThat(payload.remaining()).isEqualTo(length);
    }

    @Test
    void aFlippedBitInAnySpanIsFound() {
        ByteBuffer payload = payload(3 * PeerFrameChecksums.SPAN_BYTES + 512);
        ByteBuffer checksums = checksums(payload);
        for (int at = 0; at < payload.limit(); at += 97) {
            byte intact = payload.get(at);
            payload.put(at, (byte) (intact ^ 0x10));
            assertThatThrownBy(() -> PeerFrameChecksums.verify(payload, checksums.duplicate()))
                    .isInstanceOf(PeerFrameException.class);
            payload.put(at, intact);
        }
    }

    private static ByteBuffer payload(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer checksums(ByteBuffer payload) {
        ByteBuffer out = ByteBuffer.allocate(PeerFrameChecksums.bytesFor(payload.remaining()));
        PeerFrameChecksums.encode(payload, out);
        return out.flip();
    }
}
