package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.login.TargetDirectory.Access;
import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.Sense;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A target in service: its units, its sessions, and commands that wait for a unit to appear. */
final class Target {
    /**
     * How long a unit may be late: while a target moves, its units come after it, and a hasty "no
     * such unit" would make an initiator give the disk up.
     */
    private static final long UNIT_GRACE_NANOS = 8_000_000_000L;

    private final TargetConfig config;
    private final InitiatorAccess access;
    private final LunIdentity nobody;
    private final long bornNanos = System.nanoTime();
    private final Map<Integer, LogicalUnit> units = new ConcurrentSkipListMap<>();
    private final List<FullFeaturePhase> sessions = new CopyOnWriteArrayList<>();
    private volatile List<Integer> luns = List.of();
    private volatile boolean removed;

    Target(TargetConfig config) {
        this.config = config;
        this.access = new InitiatorAccess(config.initiatorAddresses());
        this.nobody =
                new LunIdentity(
                        "HOLDFAST", "NO-UNIT", "0001", "", "", false, false, false, config.iqn());
    }

    TargetConfig config() {
        return config;
    }

    LunIdentity nobody() {
        return nobody;
    }

    boolean removed() {
        return removed;
    }

    Access access(InetAddress initiator, String initiatorName) {
        if (!access.admits(initiator, initiatorName)) {
            return new Access.Forbidden("neither this address nor this initiator name is allowed");
        }
        return new Access.Allowed(
                config.options(), config.portalGroupTag(), config.incoming(), config.outgoing());
    }

    boolean shows(InetAddress initiator, String initiatorName) {
        return access.admits(initiator, initiatorName);
    }

    @Nullable LogicalUnit unit(int number) {
        return units.get(number);
    }

    /** The unit with this NAA identifier, for EXTENDED COPY. */
    @Nullable LogicalUnit unitByNaa(String naa) {
        for (LogicalUnit unit : units.values()) {
            if (unit.config().naa().equalsIgnoreCase(naa)) {
                return unit;
            }
        }
        return null;
    }

    List<LogicalUnit> units() {
        return List.copyOf(units.values());
    }

    List<Integer> luns() {
        return luns;
    }

    /** Whether a missing unit may still come. */
    boolean awaitsUnits() {
        return units.isEmpty() || System.nanoTime() - bornNanos < UNIT_GRACE_NANOS;
    }

    synchronized boolean add(LogicalUnit unit) {
        if (units.putIfAbsent(unit.number(), unit) != null) {
            return false;
        }
        for (FullFeaturePhase session : sessions) {
            unit.update(model -> model.nexusEstablished(session.nexus()));
        }
        unitsChanged();
        sessions.forEach(FullFeaturePhase::resumeParked);
        return true;
    }

    synchronized @Nullable LogicalUnit remove(int number) {
        LogicalUnit unit = units.remove(number);
        if (unit != null) {
            unitsChanged();
        }
        return unit;
    }

    private void unitsChanged() {
        luns = List.copyOf(new ArrayList<>(units.keySet()));
        units.values().forEach(unit -> unit.update(model -> model.tellAll(Sense.LUNS_CHANGED)));
    }

    /** A session begins; an older one of the same initiator port ends (RFC 7143 6.3.5). */
    void sessionBegan(FullFeaturePhase session) {
        for (FullFeaturePhase old : sessions) {
            if (old.nexus().equals(session.nexus())) {
                old.end("the initiator logged in again");
            }
        }
        synchronized (this) {
            sessions.add(session);
            for (LogicalUnit unit : units.values()) {
                unit.update(model -> model.nexusEstablished(session.nexus()));
            }
        }
    }

    synchronized void sessionEnded(FullFeaturePhase session) {
        if (!sessions.remove(session)) {
            return;
        }
        Nexus nexus = session.nexus();
        boolean again = sessions.stream().anyMatch(s -> s.nexus().equals(nexus));
        if (!again) {
            units.values().forEach(unit -> unit.update(model -> model.nexusLost(nexus)));
        }
    }

    List<FullFeaturePhase> sessions() {
        return sessions;
    }

    /** Out of service: every session is asked to leave and closed. */
    void retire() {
        removed = true;
        sessions.forEach(session -> session.dismiss("the target is leaving this node"));
    }

    TargetStatus status() {
        return new TargetStatus(
                config.iqn(),
                config.portals(),
                !config.incoming().isEmpty(),
                config.initiatorAddresses(),
                units.values().stream().map(LogicalUnit::status).toList(),
                sessions.stream().map(FullFeaturePhase::status).toList());
    }
}
