package io.holdfast.iscsi.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.codec.UnitNotes;
import io.holdfast.iscsi.core.login.LoginStep;
import io.holdfast.iscsi.core.login.TargetDirectory.Access;
import io.holdfast.iscsi.core.scsi.LogicalUnitModel;
import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.Provisioning;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import io.holdfast.replication.volume.BlockVolume;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The iSCSI target of a node: targets and units come and go while it runs. All methods may be
 * called from any thread.
 *
 * <p>While a target has no unit, or is younger than some seconds, commands to a missing unit wait
 * for it: a target that moves must never tell an initiator that its disk is gone. While a volume
 * suspends I/O, commands wait in it.
 */
public final class IscsiTargetService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IscsiTargetService.class);
    private static final int LOOPS = 2;
    private static final long POOL_BYTES = 256L << 20;
    private static final int MAX_CONNECTIONS = 4096;

    /** Half-open logins: the oldest of more than this many, and any longer than this, end. */
    private static final int MAX_LOGINS = 256;

    private static final long LOGIN_TIMEOUT_NANOS = 15_000_000_000L;
    private static final long TICK_MILLIS = 1_000;

    /** Sessions that come together are kept together. */
    private static final long KEEP_MILLIS = 100;

    /** For so long a target that was here may be found again elsewhere. */
    private static final long MOVE_NANOS = 60_000_000_000L;

    private static final int MAX_MOVED = 1024;
    private static final long[] TICKLE_MILLIS = {0, 30, 200};

    /** A waiting command is answered BUSY after this many ticks without a unit. */
    private static final int PATIENCE_TICKS = 5;

    private final BufferPool pool;
    private final List<EventLoop> loops = new ArrayList<>();
    private final Map<String, Target> targets = new ConcurrentSkipListMap<>();
    private final Map<InetSocketAddress, Portal> portals = new LinkedHashMap<>();
    private final Map<String, Long> gone = new ConcurrentSkipListMap<>();
    private final Set<TargetConnection> connections = ConcurrentHashMap.newKeySet();
    private final CompoundCommands compoundCommands;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final AtomicInteger tsihs = new AtomicInteger();
    private final ScheduledExecutorService ticker;
    private final ScheduledFuture<?> ticking;
    private final ScheduledFuture<?> keeping;
    private int ticks;

    public IscsiTargetService() {
        this(POOL_BYTES);
    }

    /**
     * A service without targets.
     *
     * @param poolBytes the most memory (direct) that data on its way may take
     */
    public IscsiTargetService(long poolBytes) {
        this.pool = new BufferPool(poolBytes);
        this.compoundCommands = new CompoundCommands(pool);
        try {
            for (int i = 0; i < LOOPS; i++) {
                loops.add(new EventLoop("iscsi-loop-" + i));
            }
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the iSCSI target cannot start",
                            "event loop",
                            e.toString(),
                            "raise the limit of open files"),
                    e);
        }
        this.ticker =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("iscsi-ticker").factory());
        this.ticking =
                ticker.scheduleWithFixedDelay(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        this.keeping =
                ticker.scheduleWithFixedDelay(
                        this::keepConnections, KEEP_MILLIS, KEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Puts a target into service: its portals listen when this returns.
     *
     * @throws ProblemException when the name is taken or a portal cannot be bound
     */
    public void addTarget(TargetConfig config) {
        Target target = new Target(config);
        synchronized (portals) {
            if (targets.containsKey(config.iqn())) {
                throw new ProblemException(
                        new Problem(
                                "the iSCSI target exists already",
                                config.iqn(),
                                "a name stands for one target",
                                "remove it first, or choose another name"));
            }
            List<Portal> opened = new ArrayList<>();
            try {
                for (InetSocketAddress portal : config.portals()) {
                    if (!portals.containsKey(portal)) {
                        Portal bound = bind(portal);
                        portals.put(portal, bound);
                        opened.add(bound);
                    }
                }
            } catch (ProblemException e) {
                opened.forEach(this::unbind);
                throw e;
            }
            targets.put(config.iqn(), target);
            gone.remove(config.iqn());
        }
        LOG.info("target {} in service on {}", config.iqn(), config.portals());
    }

    private Portal bind(InetSocketAddress portal) {
        try {
            return new Portal(portal, this, loops.getFirst());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the iSCSI portal cannot be bound",
                            portal.toString(),
                            String.valueOf(e.getMessage()),
                            "bring the address up first (ip address show), and see that no other"
                                    + " target listens there (ss -ltnp)"),
                    e);
        }
    }

    private void unbind(Portal portal) {
        portals.remove(portal.configured());
        portal.close();
    }

    /** The address a portal listens on, with its port when the configuration said 0. */
    public InetSocketAddress boundAddress(InetSocketAddress portal) {
        synchronized (portals) {
            Portal bound = portals.get(portal);
            try {
                return bound == null ? portal : bound.bound();
            } catch (IOException e) {
                return portal;
            }
        }
    }

    /**
     * Takes a target out of service: portals that no other target uses stop listening, sessions get
     * an asynchronous message and are closed at once. Does nothing when there is no such target.
     */
    public void removeTarget(String iqn) {
        Target target;
        synchronized (portals) {
            target = targets.remove(iqn);
            if (target == null) {
                return;
            }
            if (gone.size() < MAX_MOVED) {
                gone.put(iqn, System.nanoTime());
            }
            for (Portal portal : List.copyOf(portals.values())) {
                boolean used =
                        targets.values().stream()
                                .anyMatch(t -> t.config().portals().contains(portal.configured()));
                if (!used) {
                    unbind(portal);
                }
            }
        }
        target.retire();
        LOG.info("target {} out of service", iqn);
    }

    /**
     * Adds a unit that goes on from what was kept with its volume; waiting commands go to it at
     * once. Waits for the volume to be read.
     *
     * @throws ProblemException when there is no such target, the number is taken, or what was kept
     *     cannot be read
     */
    public void addLun(String iqn, int lunNumber, BlockVolume volume, LunConfig config) {
        addLun(iqn, lunNumber, volume, config, UnitArrival.TAKEN_OVER);
    }

    /** As above, for a unit that may as well have lost its power. */
    public void addLun(
            String iqn, int lunNumber, BlockVolume volume, LunConfig config, UnitArrival arrival) {
        Target target = targets.get(iqn);
        if (target == null) {
            throw new ProblemException(
                    new Problem(
                            "the LUN cannot be added",
                            "LUN " + lunNumber + " of " + iqn,
                            "there is no such target here",
                            "add the target first"));
        }
        LunIdentity identity =
                new LunIdentity(
                        config.vendor(),
                        config.product(),
                        config.revision(),
                        config.serial(),
                        config.naa(),
                        provisioning(volume, config),
                        config.readOnly(),
                        config.writeCache(),
                        config.asymmetricAccess(),
                        iqn);
        UnitKeeper keeper = new UnitKeeper(volume.id().name(), volume.notes());
        if (!keeper.keeps()) {
            LOG.warn(
                    "LUN {} of {}: volume {} has no place for reservations: they end with this"
                            + " service, and APTPL is refused",
                    lunNumber,
                    iqn,
                    volume.id());
        }
        UnitNotes kept = keeper.load();
        boolean takenOver = arrival == UnitArrival.TAKEN_OVER && !kept.equals(UnitNotes.NONE);
        LogicalUnitModel model = new LogicalUnitModel(identity, volume.sizeBytes(), keeper.keeps());
        model.restore(takenOver ? kept.state() : kept.state().afterPowerLoss(), takenOver);
        if (lunNumber < 0
                || lunNumber > 0x3fff
                || !target.add(new LogicalUnit(lunNumber, volume, config, model, keeper))) {
            throw new ProblemException(
                    new Problem(
                            "the LUN cannot be added",
                            "LUN " + lunNumber + " of " + iqn,
                            "the number is taken or not between 0 and 16383",
                            "choose another number"));
        }
        LOG.info("LUN {} of {}: volume {}", lunNumber, iqn, volume.id());
        if (takenOver && !kept.connections().isEmpty()) {
            tickle(target, kept.connections());
        }
    }

    /** More than once, because nobody confirms them. */
    private void tickle(Target target, List<ConnectionEnds> old) {
        for (long delayMillis : TICKLE_MILLIS) {
            var _ =
                    ticker.schedule(
                            () -> {
                                int told = Tickles.send(old, portal -> listensOn(target, portal));
                                LOG.info(
                                        "target {}: told {} initiators that their connection moved",
                                        target.config().iqn(),
                                        told);
                            },
                            delayMillis,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** A thick unit whose volume can make zeros of a range at once may offer that. */
    private static Provisioning provisioning(BlockVolume volume, LunConfig config) {
        if (config.thin()) {
            return Provisioning.THIN;
        }
        return volume instanceof ThinVolume ? Provisioning.RESOURCE : Provisioning.FULL;
    }

    /**
     * Takes a unit away; what its volume is doing goes on to its end. Does nothing when there is no
     * such unit.
     */
    public void removeLun(String iqn, int lunNumber) {
        Target target = targets.get(iqn);
        if (target != null && target.remove(lunNumber) != null) {
            LOG.info("LUN {} of {} removed", lunNumber, iqn);
        }
    }

    /**
     * Sends new logins to another portal and asks the sessions to log out and follow, for targets
     * whose address does not move with them. The target stays until {@link #removeTarget}.
     *
     * @param logoutSeconds how long initiators are told to take
     */
    public void redirect(String iqn, InetSocketAddress portal, int logoutSeconds) {
        Target target = targets.get(iqn);
        if (target == null) {
            throw new ProblemException(
                    new Problem(
                            "the target cannot be redirected",
                            iqn,
                            "there is no such target here",
                            "redirect it on the node that serves it"));
        }
        target.redirect(SendTargets.literal(portal), logoutSeconds);
        LOG.info("target {}: initiators are sent to {}", iqn, portal);
    }

    /** All targets, in the order of their names. */
    public List<TargetStatus> status() {
        return targets.values().stream().map(Target::status).toList();
    }

    /** Bytes of direct memory that the pool has ever needed at once. */
    public long bufferBytes() {
        return pool.allocatedBytes();
    }

    /** Buffers of the pool that are in use now. */
    public long buffersOut() {
        return pool.out();
    }

    @Override
    public void close() {
        List.copyOf(targets.keySet()).forEach(this::removeTarget);
        ticking.cancel(false);
        keeping.cancel(false);
        ticker.shutdown();
        connections.forEach(connection -> connection.close("the service ends"));
        loops.forEach(EventLoop::close);
    }

    // ---------------------------------------------------------------- for connections

    BufferPool pool() {
        return pool;
    }

    CompoundCommands compoundCommands() {
        return compoundCommands;
    }

    void accepted(SocketChannel channel) throws IOException {
        long loggingIn = connections.stream().filter(TargetConnection::loggingIn).count();
        if (connections.size() >= MAX_CONNECTIONS) {
            LOG.warn(
                    "connection from {} refused: there are {} already",
                    channel.getRemoteAddress(),
                    connections.size());
            channel.close();
            return;
        }
        if (loggingIn >= MAX_LOGINS) {
            // An honest login takes milliseconds: in a flood the oldest is not the honest one.
            connections.stream()
                    .filter(TargetConnection::loggingIn)
                    .min(Comparator.comparingLong(TargetConnection::openedNanos))
                    .ifPresent(
                            oldest -> {
                                LOG.warn("login of {} ended: too many at once", oldest.initiator());
                                oldest.close("too many logins at once");
                            });
        }
        EventLoop loop = loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
        TargetConnection connection = new TargetConnection(channel, loop, this);
        connections.add(connection);
        loop.execute(connection::start);
    }

    void connectionClosed(TargetConnection connection) {
        connections.remove(connection);
    }

    Access access(TargetConnection connection, String targetName, String initiatorName) {
        Target target = targets.get(targetName);
        if (target == null) {
            return gone.containsKey(targetName) ? new Access.Moving() : new Access.Unknown();
        }
        if (!listensOn(target, connection.portal())) {
            return new Access.Unknown();
        }
        InetAddress initiator = connection.initiator().getAddress();
        return target.access(initiator, initiatorName);
    }

    List<Target> targetsOf(InetSocketAddress portal) {
        return targets.values().stream().filter(t -> listensOn(t, portal)).toList();
    }

    private boolean listensOn(Target target, InetSocketAddress reached) {
        for (InetSocketAddress portal : target.config().portals()) {
            InetSocketAddress bound = portal.getPort() == 0 ? boundAddress(portal) : portal;
            boolean address =
                    portal.getAddress().isAnyLocalAddress()
                            || portal.getAddress().equals(reached.getAddress());
            if (address && bound.getPort() == reached.getPort()) {
                return true;
            }
        }
        return false;
    }

    @Nullable Target target(String iqn) {
        return targets.get(iqn);
    }

    boolean sessionExists(LoginStep.LoggedIn who) {
        Target target = targets.get(who.targetName());
        return target != null
                && target.sessions().stream()
                        .anyMatch(
                                s ->
                                        s.tsih() == who.tsih()
                                                && s.nexus().isid() == who.isid()
                                                && s.nexus()
                                                        .initiatorName()
                                                        .equals(who.initiatorName()));
    }

    /** 1 to 65535; zero asks for a new session. */
    int nextTsih() {
        return Math.floorMod(tsihs.getAndIncrement(), 65_535) + 1;
    }

    private void keepConnections() {
        try {
            targets.values().forEach(Target::keepConnections);
        } catch (RuntimeException e) {
            LOG.error("the connections of initiators are not kept for now", e);
        }
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            ticks++;
            targets.values().forEach(Target::tick);
            gone.values().removeIf(since -> now - since > MOVE_NANOS);
            for (TargetConnection connection : connections) {
                FullFeaturePhase session = connection.session();
                if (session == null) {
                    if (now - connection.openedNanos() > LOGIN_TIMEOUT_NANOS) {
                        LOG.warn("login of {} took too long", connection.initiator());
                        connection.close("the login took too long");
                    }
                    continue;
                }
                session.checkLiveness(now);
                if (ticks % PATIENCE_TICKS == 0) {
                    session.giveUpParked();
                }
            }
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.error("the iSCSI ticker goes on after a fault", e);
        }
    }
}
