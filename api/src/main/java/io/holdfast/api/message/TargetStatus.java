package io.holdfast.api.message;

import java.util.List;

/** An iSCSI target that is offered. */
public record TargetStatus(
        String iqn, List<Portal> portals, List<LunStatus> luns, List<Session> sessions) {
    public TargetStatus {
        portals = List.copyOf(portals);
        luns = List.copyOf(luns);
        sessions = List.copyOf(sessions);
    }

    /** Who is logged in, and from where. */
    public record Session(String initiator, String address) {}
}
