package io.holdfast.membership;

import io.holdfast.base.NodeId;

/**
 * One link: one ring to one peer.
 *
 * @param ring the ring number of corosync.conf
 * @param peer the node or witness at the other end
 * @param address where it is, as text
 * @param up whether heartbeats arrive
 */
public record LinkStatus(int ring, NodeId peer, String address, boolean up) {}
