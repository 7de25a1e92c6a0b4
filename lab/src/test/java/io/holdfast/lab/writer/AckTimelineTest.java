package io.holdfast.lab.writer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AckTimelineTest {
    private final AckTimeline timeline = new AckTimeline();

    @Test
    void theLongestGapOfAWindowIsFound() {
        acknowledge(10, 20, 30, 200, 210);
        assertThat(timeline.longestGap(0, 210).nanos()).isEqualTo(170);
        assertThat(timeline.longestGap(0, 30).nanos()).isEqualTo(10);
        assertThat(timeline.longestGap(201, 210).nanos()).isEqualTo(10);
        assertThat(timeline.longestGap(0, 210)).isEqualTo(new AckTimeline.Gap(30, 200));
    }

    @Test
    void aGapThatReachesIntoTheWindowOrOutOfItCountsWhole() {
        acknowledge(10, 100, 110);
        assertThat(timeline.longestGap(50, 110).nanos()).isEqualTo(90);
        assertThat(timeline.longestGap(0, 50).nanos()).isEqualTo(90);
    }

    @Test
    void aGapThatHasNotEndedCountsAsLongAsItIs() {
        acknowledge(10, 20);
        assertThat(timeline.longestGap(0, 500).nanos()).isEqualTo(480);
    }

    @Test
    void aPauseIsNoGap() {
        acknowledge(10, 20);
        timeline.paused(25);
        assertThat(timeline.longestGap(0, 500).nanos()).isEqualTo(10);
        timeline.resumed(900);
        acknowledge(950, 960);
        assertThat(timeline.longestGap(0, 960).nanos()).isEqualTo(50);
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
