package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The replicated volumes of one node, as {@code storaged} drives them.
 *
 * <p>Calls block until what they say is done and durable, and may come from any thread (virtual
 * ones are fine); what cannot be done is a {@link ProblemException}. Repeating a call that is
 * already true changes nothing.
 */
public final class VolumeService implements AutoCloseable {
    private static final int IO_THREADS = 8;

    private final NodeId self;
    private final ReplicationConfig config;
    private final Map<VolumeId, Replica> replicas = new TreeMap<>();
    private final IoPool io = new IoPool("holdfast-io", IO_THREADS);

    private VolumeService(
            ReplicationConfig config,
            NodeId self,
            ActingRight right,
            byte[] secret,
            VolumeListener listener) {
        this.self = self;
        this.config = config;
        for (VolumeConfig volume : config.volumes()) {
            volume.replicaOn(self)
                    .ifPresent(
                            r ->
                                    replicas.put(
                                            volume.id(),
                                            new Replica(volume, r, right, secret, io, listener)));
        }
    }

    /**
     * Opens the service; no volume is up yet.
     *
     * @param config with disk paths as this process sees them ({@link ReplicationConfig#under})
     * @param self the node whose replicas these are; volumes without one here are ignored
     * @param secret what peers prove to each other that they know; derived from the cluster's key
     * @param listener told of changes of any volume
     */
    public static VolumeService open(
            ReplicationConfig config,
            NodeId self,
            ActingRight right,
            byte[] secret,
            VolumeListener listener) {
        return new VolumeService(config, self, right, secret, listener);
    }

    public ReplicationConfig config() {
        return config;
    }

    /** Volumes with a replica on this node, sorted by name. */
    public List<VolumeId> volumes() {
        return List.copyOf(replicas.keySet());
    }

    /** The volume that the configuration gives this device name, {@code /dev/drbd0}, or name. */
    public VolumeId volumeNamed(String nameOrDevice) {
        return config.volumes().stream()
                .filter(v -> v.device().equals(nameOrDevice) || v.id().name().equals(nameOrDevice))
                .findFirst()
                .map(VolumeConfig::id)
                .orElseThrow(() -> unknown(nameOrDevice));
    }

    /**
     * Writes fresh metadata ({@code drbdadm create-md}) for a volume that is down. Its data is
     * Inconsistent until it was synced, {@link #newCurrentUuid} or a forced promotion says
     * otherwise.
     *
     * @param force overwrites metadata or data that is there already
     */
    public void createMetadata(VolumeId volume, boolean force) {
        replica(volume).createMetadata(force);
    }

    /** Attaches the disk, listens and begins to connect, as Secondary ({@code drbdadm up}). */
    public void up(VolumeId volume) {
        replica(volume).up();
    }

    /** Disconnects and detaches ({@code drbdadm down}). Refused for a Primary. */
    public void down(VolumeId volume) {
        replica(volume).down();
    }

    /**
     * Makes the volume Primary under an epoch that the quorate side has recorded for this node.
     * Returns when the epoch is on disk here and on every connected peer. Refused unless the disk
     * is UpToDate, or Consistent (the epoch then being the cluster's word that it is not Outdated).
     */
    public void promote(VolumeId volume, Epoch epoch) {
        replica(volume).promote(epoch, false);
    }

    /**
     * As {@link #promote}, also when this replica is Outdated or Inconsistent: it becomes UpToDate
     * by decree, and what only other replicas have is lost when they are synced from it.
     */
    public void promoteByForce(VolumeId volume, Epoch epoch) {
        replica(volume).promote(epoch, true);
    }

    /**
     * Makes the volume Secondary after all I/O in flight has ended and is flushed.
     *
     * @param evenIfOpen also when a user holds it open; otherwise that is refused
     */
    public void demote(VolumeId volume, boolean evenIfOpen) {
        replica(volume).demote(evenIfOpen);
    }

    /**
     * Begins a new data generation ({@code drbdadm new-current-uuid}) on a Secondary whose peers
     * are all connected.
     *
     * @param clearBitmap declares all replicas equal as they are; refused unless all are fresh
     */
    public void newCurrentUuid(VolumeId volume, boolean clearBitmap) {
        replica(volume).newCurrentUuid(clearBitmap);
    }

    public VolumeStatus status(VolumeId volume) {
        return replica(volume).status();
    }

    /** All volumes with a replica here, sorted by name. */
    public List<VolumeStatus> status() {
        return replicas.values().stream().map(Replica::status).toList();
    }

    /** The cluster's view: connections to nodes that are not in it are given up at once. */
    public void membersChanged(Set<NodeId> members) {
        replicas.values().forEach(r -> r.membersChanged(members));
    }

    /**
     * The cluster's word on one path: whether it hears {@code node} at that address. It makes a
     * silent connection from there be given up sooner, and other paths be tried first; nothing
     * else.
     */
    public void linkChanged(NodeId node, InetAddress address, boolean up) {
        replicas.values().forEach(r -> r.heard(node, address, up));
    }

    /** Opens a Primary volume for I/O. */
    public OpenVolume openVolume(VolumeId volume) {
        return replica(volume).open();
    }

    /**
     * Lets everything go as it is, without demoting: as a crash would, but for closed files. Down
     * each volume first for an orderly end.
     */
    @Override
    public void close() {
        replicas.values().forEach(Replica::close);
        io.close();
    }

    private Replica replica(VolumeId volume) {
        Replica replica = replicas.get(volume);
        if (replica == null) {
            throw unknown(volume.name());
        }
        return replica;
    }

    private ProblemException unknown(String volume) {
        return new ProblemException(
                new Problem(
                        "there is no such volume on node " + self,
                        volume,
                        "drbd.conf names no resource or device of this name for this node",
                        "check the name, or add an \"on " + self + "\" section to the resource"));
    }
}
