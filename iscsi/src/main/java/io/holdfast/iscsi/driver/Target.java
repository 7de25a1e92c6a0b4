package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.TargetDirectory.Access;
import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.Provisioning;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    private volatile @Nullable String servedElsewhere;
    private volatile boolean connectionsChanged;

    /** When units were taken away that may be on their way to another node. */
    private final Map<Integer, Long> leaving = new ConcurrentSkipListMap<>();

    Target(TargetConfig config) {
        this.config = config;
        this.access = new InitiatorAccess(config.initiatorAddresses());
        this.nobody =
                new LunIdentity(
                        "HOLDFAST",
                        "NO-UNIT",
                        "0001",
                        "",
                        "",
                        Provisioning.FULL,
                        false,
                        false,
                        false,
                        config.iqn());
    }

    TargetConfig config() {
        return config;
    }

    /** LUN 0 as tgt has it, when the configuration asks for one. */
    Optional<LunIdentity> controller() {
        return config.controller();
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
        String elsewhere = servedElsewhere;
        if (elsewhere != null) {
            return new Access.Redirected(elsewhere);
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

    /** Whether a missing unit may still come, or its initiator still go. */
    boolean awaitsUnit(int number) {
        return units.isEmpty() || within(bornNanos) || left(number);
    }

    /** Whether even "what is there?" must wait: the answer "nothing" would be believed. */
    boolean awaitsIdentityOf(int number) {
        return (units.isEmpty() && within(bornNanos)) || left(number);
    }

    /** Whether it is not known yet which units there will be. */
    boolean awaitsFirstUnit() {
        return units.isEmpty() && leaving.isEmpty() && within(bornNanos);
    }

    private boolean left(int number) {
        Long since = leaving.get(number);
        return since != null && within(since);
    }

    private static boolean within(long sinceNanos) {
        return System.nanoTime() - sinceNanos < UNIT_GRACE_NANOS;
    }

    synchronized boolean add(LogicalUnit unit) {
        if (units.putIfAbsent(unit.number(), unit) != null) {
            return false;
        }
        leaving.remove(unit.number());
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
            // Told only when it has not moved after all: see tick().
            leaving.put(number, System.nanoTime());
        }
        return unit;
    }

    private void unitsChanged() {
        Set<Integer> numbers = new TreeSet<>(units.keySet());
        numbers.addAll(leaving.keySet());
        config.controller().ifPresent(controller -> numbers.add(0));
        luns = List.copyOf(numbers);
        units.values().forEach(unit -> unit.update(model -> model.tellAll(Sense.LUNS_CHANGED)));
    }

    /** Called about once a second. */
    synchronized void tick() {
        if (leaving.values().removeIf(since -> !within(since))) {
            unitsChanged();
        }
    }

    /** Keeps who is connected with the first unit, for the node that takes over. */
    void keepConnections() {
        if (!connectionsChanged || removed) {
            return;
        }
        connectionsChanged = false;
        List<ConnectionEnds> ends = sessions.stream().map(FullFeaturePhase::ends).toList();
        units.values().stream().findFirst().ifPresent(unit -> unit.connectionsChanged(ends));
    }

    /** Logins are sent to another portal from now on, and sessions are asked to follow. */
    void redirect(String portal, int logoutSeconds) {
        servedElsewhere = portal;
        sessions.forEach(session -> session.askToLogOut(logoutSeconds));
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
            connectionsChanged = true;
            for (LogicalUnit unit : units.values()) {
                unit.update(model -> model.nexusEstablished(session.nexus()));
            }
        }
    }

    synchronized void sessionEnded(FullFeaturePhase session) {
        if (!sessions.remove(session)) {
            return;
        }
        connectionsChanged = true;
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
                config.incoming().stream().map(ChapAccount::name).toList(),
                config.initiatorAddresses(),
                units.values().stream().map(LogicalUnit::status).toList(),
                sessions.stream().map(FullFeaturePhase::status).toList());
    }
}
