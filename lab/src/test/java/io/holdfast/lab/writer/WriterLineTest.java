package io.holdfast.lab.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriterLineTest {
    static Stream<WriterLine> lines() {
        return Stream.of(
                new WriterLine.Ready(),
                new WriterLine.Acknowledged(1, 2, Long.MIN_VALUE),
                new WriterLine.Paused(3),
                new WriterLine.Resumed(-4),
                new WriterLine.Damaged(5, "it is all zeros"),
                new WriterLine.Verified(6, 7),
                new WriterLine.Note(8, "connection lost: reset by peer"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void whatIsToldIsUnderstood(WriterLine line) {
        assertThat(WriterLine.parse(line.encode())).contains(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ack", "ack 1", "ack a b c", "verified 1", "OpenJDK warning: x"})
    void anythingElseIsLeftAlone(String line) {
        assertThat(WriterLine.parse(line)).isEmpty();
    }
}
