package io.holdfast.iscsi.multipath;

import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.iscsi.initiator.CommandResult;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import io.holdfast.iscsi.initiator.PortalText;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk of an iSCSI target over several portals. A request whose path breaks is sent again by
 * another one; broken paths are tried every {@link MapSettings#pollingMillis}. A path counts only
 * if the unit behind it has the same name (VPD page 0x83) as the first that answered.
 *
 * <p>A write that is sent again may meet its first copy, which the target is still working on: both
 * have the same bytes, and a block is not written anew by its user before the first answer. The
 * target lets go of the tasks of a session before the same initiator port logs in again.
 */
public final class MultipathDisk implements BlockVolume, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MultipathDisk.class);
    private static final byte[] TEST_UNIT_READY = new byte[6];
    private static final int BUSY_PAUSE_MILLIS = 5;

    /** What people see of one path. */
    public record PathStatus(String portal, int lun, boolean usable, boolean inActiveGroup) {}

    private enum Kind {
        READ,
        WRITE,
        WRITE_THROUGH,
        FLUSH
    }

    private record Request(Kind kind, long offset, ByteBuffer buffer, IoCompletion completion) {}

    private static final class Link {
        final InetSocketAddress portal;
        @Nullable InitiatorSession session;

        Link(InetSocketAddress portal) {
            this.portal = portal;
        }
    }

    private final VolumeId id;
    private final String targetName;
    private final int lun;
    private final InitiatorConfig initiator;
    private final MapSettings settings;
    private final List<Link> links = new ArrayList<>();
    private final PathTable table;
    private final Deque<Request> queued = new ArrayDeque<>();
    private final ScheduledExecutorService checker =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("multipath-checker").factory());
    private UnitName name;
    private long pathlessSinceNanos;
    private boolean closed;

    private MultipathDisk(
            VolumeId id,
            String targetName,
            int lun,
            List<InetSocketAddress> portals,
            InitiatorConfig initiator,
            MapSettings settings) {
        this.id = id;
        this.targetName = targetName;
        this.lun = lun;
        this.initiator = initiator;
        this.settings = settings;
        this.table = new PathTable(settings, portals.size());
        this.name = UnitName.UNKNOWN;
        portals.forEach(portal -> links.add(new Link(portal)));
    }

    /**
     * Logs in by every portal; at least one must answer.
     *
     * @param id what the disk is called here (the alias)
     * @param portals in the order of their priority
     * @throws IscsiException when no portal lets us in
     */
    public static MultipathDisk open(
            VolumeId id,
            String targetName,
            int lun,
            List<InetSocketAddress> portals,
            InitiatorConfig initiator,
            MapSettings settings)
            throws IscsiException {
        MultipathDisk disk = new MultipathDisk(id, targetName, lun, portals, initiator, settings);
        @Nullable IscsiException last = null;
        for (int path = 0; path < portals.size(); path++) {
            try {
                disk.connect(path);
            } catch (IscsiException e) {
                last = e;
                LOG.warn("{}: path {}: {}", id, portals.get(path), e.getMessage());
            }
        }
        if (disk.usablePaths() == 0) {
            disk.close();
            throw last == null ? new IscsiException("no portal was given") : last;
        }
        long period = settings.pollingMillis();
        var _ =
                disk.checker.scheduleWithFixedDelay(
                        disk::checkPaths, period, period, TimeUnit.MILLISECONDS);
        return disk;
    }

    /**
     * What the unit says it is, by the first portal that answers.
     *
     * @throws IscsiException when none does
     */
    public static UnitName nameOf(
            String targetName, int lun, List<InetSocketAddress> portals, InitiatorConfig initiator)
            throws IscsiException {
        @Nullable IscsiException last = null;
        for (InetSocketAddress portal : portals) {
            try (InitiatorSession session = IscsiInitiator.login(portal, targetName, initiator)) {
                return UnitName.read(session, lun);
            } catch (IscsiException e) {
                last = e;
            }
        }
        throw last == null ? new IscsiException("no portal was given") : last;
    }

    private int usablePaths() {
        synchronized (table) {
            int usable = 0;
            for (int path = 0; path < table.paths(); path++) {
                usable += table.isUsable(path) ? 1 : 0;
            }
            return usable;
        }
    }

    /** Each path is an initiator port of its own (RFC 7143 4.4.3): its ISID differs. */
    private void connect(int path) throws IscsiException {
        Link link = links.get(path);
        InitiatorSession session =
                IscsiInitiator.login(
                        link.portal, targetName, initiator.withIsid(initiator.isid() + path));
        try {
            UnitName found = UnitName.read(session, lun);
            synchronized (table) {
                if (closed) {
                    throw new IscsiException("the disk is closed");
                }
                if (name.equals(UnitName.UNKNOWN)) {
                    name = found;
                } else if (!name.wwid().equals(found.wwid())) {
                    throw new IscsiException(
                            "the unit is " + found.wwid() + ", another disk than " + name.wwid());
                }
                link.session = session;
                table.restored(path);
            }
        } catch (IscsiException | RuntimeException e) {
            session.close();
            throw e;
        }
        LOG.info("{}: path {} is active", id, PortalText.format(link.portal));
        sendQueued();
    }

    private void sendQueued() {
        while (true) {
            Request next;
            synchronized (table) {
                if (queued.isEmpty() || table.choose().isEmpty()) {
                    return;
                }
                next = queued.remove();
            }
            dispatch(next);
        }
    }

    private void checkPaths() {
        try {
            for (int path = 0; path < links.size(); path++) {
                check(path);
            }
            failAfterRetries();
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.error("{}: the path checker goes on after a fault", id, e);
        }
    }

    private void check(int path) {
        InitiatorSession session;
        synchronized (table) {
            if (closed) {
                return;
            }
            session = table.isUsable(path) ? links.get(path).session : null;
        }
        try {
            if (session == null) {
                connect(path);
            } else if (!session.awaitOnce(lun, TEST_UNIT_READY, false, null).delivered()) {
                broken(path, session);
            }
        } catch (IscsiException e) {
            LOG.debug("{}: path {} stays failed: {}", id, links.get(path).portal, e.getMessage());
        }
    }

    private void failAfterRetries() {
        List<Request> given = List.of();
        synchronized (table) {
            long patience = (long) settings.noPathRetry() * settings.pollingMillis() * 1_000_000L;
            boolean over =
                    settings.noPathRetry() > 0
                            && !queued.isEmpty()
                            && System.nanoTime() - pathlessSinceNanos > patience;
            if (over) {
                given = List.copyOf(queued);
                queued.clear();
            }
        }
        given.forEach(request -> request.completion().done(IoStatus.MEDIUM_ERROR));
    }

    // ---------------------------------------------------------------- I/O

    private void dispatch(Request request) {
        int path;
        InitiatorSession session;
        synchronized (table) {
            OptionalInt chosen = closed ? OptionalInt.empty() : table.choose();
            if (chosen.isPresent()) {
                path = chosen.getAsInt();
                session = links.get(path).session;
                table.started(path, request.buffer().remaining());
            } else if (!closed && settings.noPathRetry() != MapSettings.FAIL) {
                if (queued.isEmpty()) {
                    pathlessSinceNanos = System.nanoTime();
                }
                queued.add(request);
                return;
            } else {
                path = -1;
                session = null;
            }
        }
        if (session == null) {
            request.completion().done(IoStatus.MEDIUM_ERROR);
        } else {
            send(request, path, session);
        }
    }

    private void send(Request request, int path, InitiatorSession session) {
        // The caller's buffer keeps its position, for the case that this is not the last try.
        ByteBuffer data = request.buffer().duplicate();
        long lba = request.offset() / name.blockBytes();
        int blocks = data.remaining() / name.blockBytes();
        switch (request.kind()) {
            case READ -> session.read(lun, lba, blocks, data, r -> done(request, path, session, r));
            case WRITE, WRITE_THROUGH ->
                    session.write(
                            lun,
                            lba,
                            blocks,
                            data,
                            request.kind() == Kind.WRITE_THROUGH,
                            r -> done(request, path, session, r));
            case FLUSH -> session.flush(lun, r -> done(request, path, session, r));
        }
    }

    private void done(Request request, int path, InitiatorSession session, CommandResult result) {
        synchronized (table) {
            table.ended(path, request.buffer().remaining());
        }
        if (result.good()) {
            if (request.kind() == Kind.READ) {
                request.buffer().position(request.buffer().limit());
            }
            request.completion().done(IoStatus.OK);
        } else if (!result.delivered()) {
            broken(path, session);
            dispatch(request);
        } else if (result.retryable() || result.senseKey() == Sense.NOT_READY) {
            var _ =
                    checker.schedule(
                            () -> dispatch(request), BUSY_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            LOG.warn("{}: {} at {}: {}", id, request.kind(), request.offset(), result);
            request.completion().done(IoStatus.MEDIUM_ERROR);
        }
    }

    private void broken(int path, InitiatorSession session) {
        synchronized (table) {
            Link link = links.get(path);
            if (!session.equals(link.session)) {
                return;
            }
            link.session = null;
            table.failed(path);
        }
        LOG.warn(
                "{}: path {} failed: {}",
                id,
                PortalText.format(links.get(path).portal),
                session.brokenBecause());
        session.close();
    }

    // ---------------------------------------------------------------- as a volume

    @Override
    public VolumeId id() {
        return id;
    }

    @Override
    public long sizeBytes() {
        synchronized (table) {
            return name.sizeBytes();
        }
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
        dispatch(new Request(Kind.READ, offsetBytes, into, completion));
    }

    @Override
    public void write(
            long offsetBytes, ByteBuffer from, boolean forceUnitAccess, IoCompletion completion) {
        Kind kind = forceUnitAccess ? Kind.WRITE_THROUGH : Kind.WRITE;
        dispatch(new Request(kind, offsetBytes, from, completion));
    }

    @Override
    public void flush(IoCompletion completion) {
        dispatch(new Request(Kind.FLUSH, 0, ByteBuffer.allocate(0), completion));
    }

    /** What the unit says it is. */
    public UnitName unit() {
        synchronized (table) {
            return name;
        }
    }

    public MapSettings settings() {
        return settings;
    }

    /** All paths, by group. */
    public List<List<PathStatus>> paths() {
        synchronized (table) {
            List<List<PathStatus>> groups = new ArrayList<>();
            for (int group = 0; group < table.groups().size(); group++) {
                List<PathStatus> paths = new ArrayList<>();
                for (int path : table.groups().get(group)) {
                    paths.add(
                            new PathStatus(
                                    PortalText.format(links.get(path).portal),
                                    lun,
                                    table.isUsable(path),
                                    group == table.activeGroup()));
                }
                groups.add(paths);
            }
            return groups;
        }
    }

    @Override
    public void close() {
        List<Request> left;
        List<InitiatorSession> open = new ArrayList<>();
        synchronized (table) {
            closed = true;
            left = List.copyOf(queued);
            queued.clear();
            for (Link link : links) {
                if (link.session != null) {
                    open.add(link.session);
                }
            }
        }
        checker.shutdownNow();
        left.forEach(request -> request.completion().done(IoStatus.MEDIUM_ERROR));
        open.forEach(InitiatorSession::close);
    }
}
