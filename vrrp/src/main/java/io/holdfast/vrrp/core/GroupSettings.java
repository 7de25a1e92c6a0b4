package io.holdfast.vrrp.core;

import java.util.List;

/**
 * One {@code vrrp_sync_group}: instances that change state together.
 *
 * <p>A group of one member is no group: the member keeps its own weighted tracking, as Keepalived
 * 1.3 did; 2.2 ignores the weights, which is not what those who wrote such files meant.
 *
 * @param members names of instances, each in at most one group
 * @param tracking on top of the members' own
 * @param trackingWeight {@code sync_group_tracking_weight}: members may keep weighted tracking;
 *     otherwise weights of the members' own tracking are ignored, so that priorities stay together
 */
public record GroupSettings(
        String name, List<String> members, Tracking tracking, boolean trackingWeight) {
    public GroupSettings {
        members = List.copyOf(members);
    }
}
