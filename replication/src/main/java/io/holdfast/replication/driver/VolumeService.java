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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

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
    private final ActingRight right;
    private final byte[] secret;
    private final VolumeListener listener;
    private volatile ReplicationConfig config;
    private final Map<VolumeId, Replica> replicas = new ConcurrentSkipListMap<>();
    private final IoPool io = new IoPool("holdfast-io", IO_THREADS);

    private VolumeService(
            ReplicationConfig config,
            NodeId self,
            ActingRight right,
            byte[] secret,
            VolumeListener listener) {
        this.self = self;
        this.config = config;
        this.right = right;
        this.secret = secret;
        this.listener = listener;
        config.volumes().forEach(this::add);
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

    /**
     * Ends standing alone ({@code drbdadm connect}).
     *
     * @param discardMyData after a split brain: what this node wrote alone may be thrown away
     */
    public void connect(VolumeId volume, boolean discardMyData) {
        replica(volume).up("it cannot connect").connect(discardMyData);
    }

    /** Disconnects from all peers until {@link #connect}. */
    public void disconnect(VolumeId volume) {
        replica(volume).up("it cannot disconnect").disconnect();
    }

    /** Declares the data here worthless; all of it is fetched from a peer that is UpToDate. */
    public void invalidate(VolumeId volume) {
        replica(volume).up("it cannot be invalidated").invalidate();
    }

    /** Declares the data here Outdated, so that it is not promoted before it was resynced. */
    public void outdate(VolumeId volume) {
        replica(volume).up("it cannot be outdated").outdate();
    }

    /** Begins to compare all blocks with the peers'; returns when that has begun. */
    public void verify(VolumeId volume) {
        replica(volume).up("it cannot be verified").verify();
    }

    /** Resyncs with this replica stand still until they are resumed. */
    public void pauseSync(VolumeId volume, boolean pause) {
        replica(volume).up("its resync cannot be changed").pauseSync(pause);
    }

    /** drbd.conf as it was understood, for one volume. */
    public List<String> dump(VolumeId volume) {
        return ConfigurationText.of(replica(volume).config());
    }

    /** The metadata on disk, in words; also while the volume is up. */
    public List<String> dumpMetadata(VolumeId volume) {
        return replica(volume).dumpMetadata();
    }

    /** What is wrong with the metadata on disk; empty when nothing is. */
    public List<String> checkMetadata(VolumeId volume) {
        return replica(volume).checkMetadata();
    }

    /**
     * What each side wrote without the other, and what to type; a line says so if there is none.
     */
    public List<String> explainSplitBrain(VolumeId volume) {
        return SplitBrainText.of(volume, replica(volume).up("nothing is known").splitBrains());
    }

    /**
     * Takes a new configuration ({@code drbdadm adjust}). Volumes that did not change are left
     * alone; those that changed are taken down and up with it, those that are gone are taken down,
     * new ones are known and down. A Primary is left as it is, and told of.
     *
     * @return what was not done, and why
     */
    public synchronized List<Problem> adjust(ReplicationConfig newConfig) {
        List<Problem> left = new ArrayList<>();
        for (VolumeId volume : List.copyOf(replicas.keySet())) {
            Optional<VolumeConfig> wanted =
                    newConfig.volume(volume).filter(v -> v.replicaOn(self).isPresent());
            Replica replica = replica(volume);
            if (wanted.isPresent() && wanted.get().equals(replica.config())) {
                continue;
            }
            try {
                boolean wasUp = replica.isUp();
                replica.down();
                replicas.remove(volume);
                wanted.ifPresent(
                        config -> {
                            add(config);
                            if (wasUp) {
                                replica(volume).up();
                            }
                        });
            } catch (ProblemException e) {
                left.add(e.problem());
            }
        }
        newConfig.volumes().stream().filter(v -> !replicas.containsKey(v.id())).forEach(this::add);
        config = newConfig;
        return left;
    }

    private void add(VolumeConfig volume) {
        volume.replicaOn(self)
                .ifPresent(
                        own ->
                                replicas.put(
                                        volume.id(),
                                        new Replica(volume, own, right, secret, io, listener)));
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
