package io.holdfast.membership.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.NodeId;
import io.holdfast.membership.core.LinkEffect.LinkChanged;
import io.holdfast.membership.core.LinkEffect.PeerHeard;
import io.holdfast.membership.core.LinkEffect.PeerRestarted;
import io.holdfast.membership.core.LinkEffect.PeerSilent;
import org.junit.jupiter.api.Test;

class LinkMonitorTest {
    private static final NodeId PEER = new NodeId("b");
    private static final LinkId RING_0 = new LinkId(PEER, 0);
    private static final LinkId RING_1 = new LinkId(PEER, 1);

    private final LinkMonitor monitor = new LinkMonitor(400);

    @Test
    void theFirstLinkMakesThePeerHeardTheSecondDoesNot() {
        assertThat(monitor.heard(RING_0, 7, 0))
                .containsExactly(new LinkChanged(RING_0, true), new PeerHeard(PEER));
        assertThat(monitor.heard(RING_1, 7, 0)).containsExactly(new LinkChanged(RING_1, true));
        assertThat(monitor.heard(RING_1, 7, 100)).isEmpty();
    }

    @Test
    void oneCutRingChangesNothingButItsLink() {
        monitor.heard(RING_0, 7, 0);
        monitor.heard(RING_1, 7, 0);
        monitor.heard(RING_1, 7, 399);
        assertThat(monitor.timePassed(399)).isEmpty();
        assertThat(monitor.timePassed(400)).containsExactly(new LinkChanged(RING_0, false));
        assertThat(monitor.isHeard(PEER)).isTrue();
    }

    @Test
    void aPeerIsSilentWhenItsLastLinkIsDown() {
        monitor.heard(RING_0, 7, 0);
        monitor.heard(RING_1, 7, 100);
        monitor.timePassed(400);
        assertThat(monitor.timePassed(500))
                .containsExactly(new LinkChanged(RING_1, false), new PeerSilent(PEER));
        assertThat(monitor.timePassed(900)).isEmpty();
    }

    @Test
    void aNewProcessOfThePeerIsToldAtOnce() {
        monitor.heard(RING_0, 7, 0);
        assertThat(monitor.heard(RING_0, 8, 10)).containsExactly(new PeerRestarted(PEER, 7));
    }

    @Test
    void aPeerThatSaysGoodbyeIsSilentAtOnce() {
        monitor.heard(RING_0, 7, 0);
        monitor.heard(RING_1, 7, 0);
        assertThat(monitor.left(PEER))
                .containsExactly(
                        new LinkChanged(RING_0, false),
                        new LinkChanged(RING_1, false),
                        new PeerSilent(PEER));
        assertThat(monitor.left(PEER)).isEmpty();
    }
}
