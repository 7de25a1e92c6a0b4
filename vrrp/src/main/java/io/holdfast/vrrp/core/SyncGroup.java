package io.holdfast.vrrp.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Instances that change state together.
 *
 * <ul>
 *   <li>MASTER: when the timers of all members have ended. One member that hears nothing may only
 *       have lost its own wire; the others still hear a Master.
 *   <li>BACKUP: as soon as one member gives way.
 *   <li>FAULT: as long as anything that any member tracks is broken ({@link VirtualRouters} gives
 *       each member the faults of all).
 * </ul>
 */
final class SyncGroup {
    private final GroupSettings settings;
    private final List<VrrpInstance> members = new ArrayList<>();
    private InstanceState told = InstanceState.INITIALIZE;

    SyncGroup(GroupSettings settings) {
        this.settings = settings;
    }

    GroupSettings settings() {
        return settings;
    }

    String name() {
        return settings.name();
    }

    void add(VrrpInstance member) {
        members.add(member);
    }

    List<VrrpInstance> members() {
        return members;
    }

    InstanceState told() {
        return told;
    }

    /** After a reload: the group was told of already. */
    void goOnFrom(InstanceState state) {
        told = state;
    }

    /** Whether all other members want to be Master too, or are. */
    boolean mayBecomeMaster(VrrpInstance asking) {
        for (VrrpInstance member : members) {
            if (member != asking && !member.wantsMaster()) {
                return false;
            }
        }
        return true;
    }

    /** A member moved: the others follow. */
    void memberMoved(VrrpInstance mover, long nowNanos, List<RouterEffect> effects) {
        String why = "sync group " + name() + ": " + mover.settings().name() + " did";
        for (VrrpInstance member : members) {
            if (member != mover && mover.state() == InstanceState.MASTER) {
                member.followToMaster(why, nowNanos, effects);
            } else if (member != mover && mover.state() == InstanceState.BACKUP) {
                member.followToBackup(why, nowNanos, effects);
            }
        }
        tellIfAllMoved(why, effects);
    }

    private void tellIfAllMoved(String why, List<RouterEffect> effects) {
        InstanceState common = members.getFirst().state();
        int lowest = InstanceSettings.OWNER_PRIORITY;
        for (VrrpInstance member : members) {
            if (member.state() != common) {
                return;
            }
            lowest = Math.min(lowest, member.priority());
        }
        if (common != told) {
            InstanceState from = told;
            told = common;
            effects.add(
                    new RouterEffect.Tell(
                            new VrrpEvent.GroupChanged(name(), from, common, lowest, why)));
        }
    }
}
