package io.holdfast.lab.writer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AckTimelineTest {
    private final AckTimeline timeline = new AckTimeline();

    @Test
    void theLongestGapOfAWindowIsFound() {
        acknowledge(10, 20, 30, 200, 210);
        assertThat(timeline.longestGapNanos(0, 210)).isEqualTo(170);
        assertThat(timeline.longestGapNanos(0, 30)).isEqualTo(10);
        assertThat(timeline.longestGapNanos(200, 210)).isEqualTo(10);
    }

    @Test
    void aGapThatReachesIntoTheWindowOrOutOfItCountsWhole() {
        acknowledge(10, 100, 110);
        assertThat(timeline.longestGapNanos(50, 110)).isEqualTo(90);
        assertThat(timeline.longestGapNanos(0, 50)).isEqualTo(90);
    }

    @Test
    void aGapThatHasNotEndedCountsAsLongAsItIs() {
        acknowledge(10, 20);
        assertThat(timeline.longestGapNanos(0, 500)).isEqualTo(480);
    }

    @Test
    void aPauseIsNoGap() {
        acknowledge(10, 20);
        timeline.paused(25);
        assertThat(timeline.longestGapNanos(0, 500)).isEqualTo(10);
        timeline.resumed(900);
        acknowledge(950, 960);
        assertThat(timeline.longestGapNanos(0, 960)).isEqualTo(50);
        assertThat(timeline.acknowledgements()).isEqualTo(4);
        assertThat(timeline.acknowledgementsBetween(15, 955)).isEqualTo(2);
    }

    @Test
    void theFirstAcknowledgementAfterAMomentIsFound() {
        acknowledge(10, 20, 30);
        assertThat(timeline.firstAfter(20)).hasValue(30);
        assertThat(timeline.firstAfter(30)).isEmpty();
        assertThat(timeline.last()).hasValue(30);
    }

    private void acknowledge(long... times) {
        for (long time : times) {
            timeline.acknowledged(time);
        }
    }
}
