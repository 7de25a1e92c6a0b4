package io.holdfast.device.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers to the byte, as a little-endian kernel expects them (linux/fuse.h). */
class FuseReplyCodecTest {
    private final ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    @BeforeEach
    void dirtyTheBuffer() {
        assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                "the golden bytes are those of a little-endian machine");
        Arrays.fill(buffer.array(), (byte) 0xee);
    }

    @Test
    void anErrorIsANegativeErrnoWithoutABody() {
        expect(FuseReplyCodec.empty(buffer, 0, 0x0102, 5), "10000000 fbffffff 0201000000000000");
    }

    @Test
    void successWithoutABody() {
        expect(FuseReplyCodec.empty(buffer, 0, 6, 0), "10000000 00000000 0600000000000000");
    }

    @Test
    void theHeaderBeforeReadDataCountsTheData() {
        int total = FuseReplyCodec.data(buffer, 0, 6, 1 << 20);
        assertThat(total).isEqualTo(16 + (1 << 20));
        expect(16, "10001000 00000000 0600000000000000");
    }

    @Test
    void aWriteTellsHowMuch() {
        expect(
                FuseReplyCodec.written(buffer, 0, 6, 4096),
                "18000000 00000000 0600000000000000 00100000 00000000");
    }

    @Test
    void anOpenAsksForDirectAndParallelWritesAndNoFlush() {
        expect(
                FuseReplyCodec.opened(buffer, 0, 6),
                "20000000 00000000 0600000000000000 0000000000000000 61000000 00000000");
    }

    @Test
    void attributesAreThoseOfARegularFileOfRoot() {
        expect(
                FuseReplyCodec.attributes(buffer, 0, 6, 1 << 20),
                """
                78000000 00000000 0600000000000000
                0000008000000000 00000000 00000000
                0100000000000000 0000100000000000 0008000000000000
                0000000000000000 0000000000000000 0000000000000000
                00000000 00000000 00000000 80810000 01000000 00000000 00000000 00000000
                00100000 00000000""");
    }

    @Test
    void aFileSystemIsAsLargeAsItsFileAndFull() {
        expect(
                FuseReplyCodec.fileSystem(buffer, 0, 6, 1 << 20),
                """
                60000000 00000000 0600000000000000
                0001000000000000 0000000000000000 0000000000000000
                0100000000000000 0000000000000000
                00100000 ff000000 00100000 00000000
                0000000000000000 0000000000000000 0000000000000000""");
    }

    @Test
    void anInitAgreesOnVersionCapabilitiesAndLimits() {
        long agreed = FuseInit.agreed(-1L);
        expect(
                FuseReplyCodec.init(buffer, 0, 1, 40, agreed, 1 << 20, 32),
                """
                50000000 00000000 0100000000000000
                07000000 28000000 00000000 21806040
                2000 2000 00001000 01000000 0001 0000 80000000
                00000000 00000000 00000000 00000000 00000000 00000000 00000000""");
    }

    @Test
    void aWishForUnansweredRequestsIsANotification() {
        expect(FuseReplyCodec.resend(buffer, 0), "10000000 07000000 0000000000000000");
    }

    @Test
    void nothingButReadDataIsLongerThanTheLongest() {
        assertThat(FuseReplyCodec.attributes(buffer, 0, 1, 1))
                .isEqualTo(FuseReplyCodec.LONGEST_BYTES);
    }

    private void expect(int length, String hex) {
        assertThat(HexFormat.of().formatHex(buffer.array(), 0, length))
                .isEqualTo(hex.replaceAll("\\s", ""));
        assertThat(buffer.get(length)).as("behind the answer").isEqualTo((byte) 0xee);
    }
}
