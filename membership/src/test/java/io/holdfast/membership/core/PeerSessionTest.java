package io.holdfast.membership.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.membership.core.PeerSession.Verdict;
import org.junit.jupiter.api.Test;

class PeerSessionTest {
    private static final long OURS = 11;
    private static final long THEIRS = 22;

    private final PeerSession session = new PeerSession(OURS);

    @Test
    void aFrameThatNamesOurIncarnationIsFresh() {
        assertThat(session.judge(THEIRS, OURS, 1)).isEqualTo(Verdict.TAKE_FROM_NEW_PROCESS);
        assertThat(session.judge(THEIRS, OURS, 2)).isEqualTo(Verdict.TAKE);
        assertThat(session.incarnation()).isEqualTo(THEIRS);
    }

    @Test
    void aFrameRecordedInAFormerLifeOfOursIsNotBelieved() {
        assertThat(session.judge(THEIRS, 10, 1)).isEqualTo(Verdict.UNPROVEN);
        assertThat(session.judge(THEIRS, 0, 2)).isEqualTo(Verdict.UNPROVEN);
        assertThat(session.incarnation()).isZero();
    }

    @Test
    void theSameFrameOverAnotherRingIsSeen() {
        session.judge(THEIRS, OURS, 5);
        assertThat(session.mayBeNew(THEIRS, 5)).isFalse();
        assertThat(session.judge(THEIRS, OURS, 5)).isEqualTo(Verdict.SEEN);
        assertThat(session.judge(THEIRS, OURS, 4)).isEqualTo(Verdict.TAKE);
    }

    @Test
    void aFrameTooFarBehindCountsAsSeen() {
        session.judge(THEIRS, OURS, ReplayWindow.SIZE + 10);
        assertThat(session.judge(THEIRS, OURS, 10)).isEqualTo(Verdict.SEEN);
        assertThat(session.judge(THEIRS, OURS, 11)).isEqualTo(Verdict.TAKE);
        assertThat(session.judge(THEIRS, OURS, 11)).isEqualTo(Verdict.SEEN);
    }

    @Test
    void aNumberThatJumpsByMoreThanTheWindowForgetsAllBefore() {
        session.judge(THEIRS, OURS, 3);
        session.judge(THEIRS, OURS, 10L * ReplayWindow.SIZE + 3);
        assertThat(session.judge(THEIRS, OURS, 9L * ReplayWindow.SIZE + 4)).isEqualTo(Verdict.TAKE);
    }

    @Test
    void aProcessThatWasReplacedNeverComesBack() {
        session.judge(THEIRS, OURS, 1);
        session.judge(33, OURS, 1);
        assertThat(session.judge(THEIRS, OURS, 2)).isEqualTo(Verdict.OUTDATED);
        assertThat(session.incarnation()).isEqualTo(33);
    }
}
