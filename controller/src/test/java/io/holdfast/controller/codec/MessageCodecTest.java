package io.holdfast.controller.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.controller.core.ControllerMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final int LARGEST = 16 << 20;

    private static ControllerMessage status(String xml) {
        return new ControllerMessage.StatusPublished(new Term(7), xml);
    }

    private static ControllerMessage roundTrip(ControllerMessage message) {
        return MessageCodec.decode(MessageCodec.encode(message, LARGEST), "test");
    }

    @Test
    void aSmallMessageIsItsJsonAfterAZero() {
        byte[] bytes = MessageCodec.encode(status("<status/>"), LARGEST);

        assertThat(bytes[0]).isZero();
        assertThat(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"StatusPublished\",\"term\":7,\"statusXml\":\"<status/>\"}");
        assertThat(roundTrip(status("<status/>"))).isEqualTo(status("<status/>"));
    }

    @Test
    void aLargeMessageIsDeflated() {
        ControllerMessage large = status("<lrm_rsc_op/>".repeat(2_000_000));

        byte[] bytes = MessageCodec.encode(large, LARGEST);

        assertThat(bytes[0]).isEqualTo((byte) 1);
        assertThat(bytes.length).isLessThan(1 << 20);
        assertThat(MessageCodec.decode(bytes, "test")).isEqualTo(large);
    }

    @Test
    void aMessageThatNobodyWouldTakeIsRefusedInWords() {
        assertThatThrownBy(
                        () ->
                                MessageCodec.encode(
                                        status("x".repeat(MessageCodec.LARGEST_JSON_BYTES)),
                                        LARGEST))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("StatusPublished")
                .hasMessageContaining("at most " + MessageCodec.LARGEST_JSON_BYTES);
    }

    @Test
    void aMessageThatDoesNotShrinkToWhatTheTransportTakesIsRefused() {
        StringBuilder noise = new StringBuilder();
        new Random(1).ints(200_000, ' ', '~').forEach(noise::appendCodePoint);

        assertThatThrownBy(() -> MessageCodec.encode(status(noise.toString()), 100_000))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("at most 100000");
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] small = MessageCodec.encode(status("<status/>"), LARGEST);
        byte[] large = MessageCodec.encode(status("<op/>".repeat(20_000)), LARGEST);
        for (byte[] whole : new byte[][] {small, large}) {
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> MessageCodec.decode(part, "node b"))
                        .isInstanceOf(ProblemException.class)
                        .hasMessageContaining("node b");
            }
        }
    }

    @Test
    void aLengthThatIsNotBelievableIsNotAllocated() {
        for (int length : new int[] {-1, MessageCodec.LARGEST_JSON_BYTES + 1, Integer.MAX_VALUE}) {
            byte[] bytes = ByteBuffer.allocate(10).put((byte) 1).putInt(length).array();
            assertThatThrownBy(() -> MessageCodec.decode(bytes, "test"))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining(length + " bytes");
        }
    }

    @Test
    void anotherFormIsRefused() {
        assertThatThrownBy(() -> MessageCodec.decode(new byte[] {2, 0}, "test"))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> MessageCodec.decode(new byte[] {1, 0, 0, 0, 5, 9, 9}, "test"))
                .isInstanceOf(ProblemException.class);
    }
}
