package io.holdfast.membership.core;

import io.holdfast.base.NodeId;

/** What the {@link LinkMonitor} found. */
public sealed interface LinkEffect {
    record LinkChanged(LinkId link, boolean up) implements LinkEffect {}

    /** The peer is heard on a link after none. */
    record PeerHeard(NodeId peer) implements LinkEffect {}

    /** The peer is silent on all links: take it out of the group. */
    record PeerSilent(NodeId peer) implements LinkEffect {}

    /** The peer is a new process: the one heard before is gone. */
    record PeerRestarted(NodeId peer, long oldIncarnation) implements LinkEffect {}
}
