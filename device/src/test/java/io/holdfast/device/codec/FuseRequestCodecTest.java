package io.holdfast.device.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.device.codec.FuseRequestCodec.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages as this kernel (Linux 6.18, x86-64) sent them, and messages that none should send. */
class FuseRequestCodecTest {
    private final FuseRequest request = new FuseRequest();

    @Test
    void aWriteIsFoundWithItsOffsetAndLength() {
        ByteBuffer message = FuseMessages.write(0x1234, 8192, new byte[512]);
        assertThat(decode(message)).isEqualTo(Verdict.OK);
        assertThat(request.operation()).isEqualTo(FuseOperation.WRITE);
        assertThat(request.unique()).isEqualTo(0x1234);
        assertThat(request.offsetBytes()).isEqualTo(8192);
        assertThat(request.lengthBytes()).isEqualTo(512);
    }

    @Test
    void aReadIsFoundAsItsBytesSay() {
        ByteBuffer message =
                FuseMessages.hex(
                        """
                        50000000 0f000000 0600000000000000 0100000000000000
                        00000000 00000000 00000000 00000000
                        0000000000000000 0010000000000000 00001000 00000000
                        0000000000000000 02c00000 00000000""");
        assertThat(decode(message)).isEqualTo(Verdict.OK);
        assertThat(request.operation()).isEqualTo(FuseOperation.READ);
        assertThat(request.unique()).isEqualTo(6);
        assertThat(request.offsetBytes()).isEqualTo(4096);
        assertThat(request.lengthBytes()).isEqualTo(1 << 20);
    }

    @Test
    void aDiscardIsAPunchedHoleThatKeepsTheSize() {
        assertThat(decode(FuseMessages.fallocate(7, 4096, 1L << 40, 3))).isEqualTo(Verdict.OK);
        assertThat(request.operation()).isEqualTo(FuseOperation.FALLOCATE);
        assertThat(request.mode()).isEqualTo(FallocateMode.DISCARD);
        assertThat(request.lengthBytes()).isEqualTo(1L << 40);
    }

    @Test
    void anInitTellsVersionAndAllCapabilities() {
        assertThat(decode(FuseMessages.init(7, 45, 0x73fffffb, 0x0000018f))).isEqualTo(Verdict.OK);
        assertThat(request.major()).isEqualTo(7);
        assertThat(request.minor()).isEqualTo(45);
        assertThat(request.capabilities()).isEqualTo(0x18f_73fffffbL);
        assertThat(FuseInit.agreed(request.capabilities()) & FuseInit.HAS_RESEND).isNotZero();
    }

    @Test
    void theSecondWordOfCapabilitiesIsOnlyBelievedWhenTheFirstAnnouncesIt() {
        decode(FuseMessages.init(7, 31, 0x33fffffb, 0x0000018f));
        assertThat(request.capabilities()).isEqualTo(0x33fffffbL);
    }

    @Test
    void theShorterInitOfAnOlderKernelIsUnderstood() {
        ByteBuffer message = FuseMessages.message(26, 1, 16);
        message.putInt(40, 7).putInt(44, 31).putInt(52, 0x40000021);
        assertThat(decode(message)).isEqualTo(Verdict.OK);
        assertThat(request.capabilities()).isEqualTo(0x40000021L);
    }

    @Test
    void anInterruptNamesTheRequestThatNobodyWaitsFor() {
        ByteBuffer message = FuseMessages.message(36, 9, 8);
        message.putLong(40, 0x77);
        assertThat(decode(message)).isEqualTo(Verdict.OK);
        assertThat(request.interrupted()).isEqualTo(0x77);
        assertThat(request.operation().isAnswered()).isFalse();
    }

    @Test
    void theMarkOfARequestThatIsSentAgainIsPartOfItsNumber() {
        decode(FuseMessages.fsync(0x8000_0000_0000_0006L));
        assertThat(request.unique()).isEqualTo(0x8000_0000_0000_0006L);
    }

    @Test
    void anOperationThatIsNotKnownIsStillARequestToBeAnswered() {
        for (int number : new int[] {1, 43 + 1, 52, 4096, -1, Integer.MAX_VALUE}) {
            assertThat(decode(FuseMessages.message(number, 3, 0))).isEqualTo(Verdict.OK);
            assertThat(request.operation()).isEqualTo(FuseOperation.OTHER);
            assertThat(request.operationNumber()).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationOfEveryOperationIsMalformed(FuseOperation operation) {
        int whole = FuseRequestCodec.HEADER_BYTES + operation.bodyBytes();
        ByteBuffer message = FuseMessages.message(operation.number(), 1, operation.bodyBytes());
        assertThat(FuseRequestCodec.decode(message, 0, whole, request)).isEqualTo(Verdict.OK);
        for (int length = 0; length < whole; length++) {
            assertThat(FuseRequestCodec.decode(message, 0, length, request))
                    .as("%s cut to %d", operation, length)
                    .isEqualTo(Verdict.MALFORMED);
            message.putInt(0, length);
            assertThat(FuseRequestCodec.decode(message, 0, length, request))
                    .as("%s that says it has %d", operation, length)
                    .isEqualTo(
                            length < FuseRequestCodec.HEADER_BYTES + operation.bodyBytes()
                                    ? Verdict.MALFORMED
                                    : Verdict.OK);
            message.putInt(0, whole);
        }
    }

    @Test
    void aWriteThatSaysAnotherLengthThanItHasIsMalformed() {
        for (int said : new int[] {0, 511, 513, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            ByteBuffer message = FuseMessages.write(1, 0, new byte[512]);
            message.putInt(56, said);
            assertThat(decode(message)).isEqualTo(Verdict.MALFORMED);
        }
    }

    @Test
    void rangesThatNoFileHasAreImpossible() {
        assertThat(decode(FuseMessages.fallocate(1, -1, 1, 3))).isEqualTo(Verdict.IMPOSSIBLE);
        assertThat(decode(FuseMessages.fallocate(1, 0, -1, 3))).isEqualTo(Verdict.IMPOSSIBLE);
        assertThat(decode(FuseMessages.fallocate(1, Long.MAX_VALUE, 1, 3)))
                .isEqualTo(Verdict.IMPOSSIBLE);
        assertThat(decode(FuseMessages.write(1, Long.MIN_VALUE, new byte[1])))
                .isEqualTo(Verdict.IMPOSSIBLE);
        assertThat(request.unique()).isEqualTo(1);
    }

    @Test
    void anotherByteOrderIsABugOfTheCaller() {
        ByteBuffer message = FuseMessages.fsync(1);
        ByteOrder other =
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                        ? ByteOrder.BIG_ENDIAN
                        : ByteOrder.LITTLE_ENDIAN;
        assertThatThrownBy(
                        () ->
                                FuseRequestCodec.decode(
                                        message.duplicate().order(other),
                                        0,
                                        message.capacity(),
                                        request))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noNoiseIsTakenForMoreThanItIs() {
        Random random = new Random(5);
        byte[] bytes = new byte[256];
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(bytes);
            ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            int length = random.nextInt(bytes.length + 1);
            if (random.nextBoolean() && length >= 8) {
                message.putInt(0, length).putInt(4, random.nextInt(60));
            }
            Verdict verdict = FuseRequestCodec.decode(message, 0, length, request);
            if (verdict == Verdict.OK && request.operation() == FuseOperation.WRITE) {
                assertThat(request.lengthBytes())
                        .isEqualTo(length - FuseRequestCodec.WRITE_DATA_AT);
            }
        }
    }

    private Verdict decode(ByteBuffer message) {
        return FuseRequestCodec.decode(message, 0, message.capacity(), request);
    }
}
