package io.holdfast.api.message;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What {@code storaged} can be asked. */
public sealed interface StorageRequest<A extends Answer> extends Request<A> {

    /** Everything: volumes, targets, LUNs, sessions. */
    record StorageStatusQuery() implements StorageRequest<StorageStatus> {
        @Override
        public Class<StorageStatus> answerType() {
            return StorageStatus.class;
        }
    }

    /** One volume, for monitors. */
    record VolumeStatusQuery(VolumeId volume) implements StorageRequest<VolumeState> {
        @Override
        public Class<VolumeState> answerType() {
            return VolumeState.class;
        }
    }

    /** One target, for monitors. */
    record TargetStatusQuery(String iqn) implements StorageRequest<TargetState> {
        @Override
        public Class<TargetState> answerType() {
            return TargetState.class;
        }
    }

    /** One LUN, for monitors. */
    record LunStatusQuery(String iqn, int lun) implements StorageRequest<LunState> {
        @Override
        public Class<LunState> answerType() {
            return LunState.class;
        }
    }

    /** Attaches the disk and begins to connect, as Secondary. Already up: nothing. */
    record VolumeUp(VolumeId volume) implements StorageRequest<VolumeState> {
        @Override
        public Class<VolumeState> answerType() {
            return VolumeState.class;
        }
    }

    /** Disconnects and detaches. Refused for a Primary. Already down: nothing. */
    record VolumeDown(VolumeId volume) implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * Makes the volume Primary under an epoch that the quorate side has recorded and the lease page
     * grants. Answered when the first write would be accepted. Refused for a replica that is not
     * UpToDate, unless by force: then what only other replicas have is lost.
     */
    record VolumePromote(VolumeId volume, Epoch epoch, boolean force)
            implements StorageRequest<VolumeState> {
        /** Not by force. */
        public VolumePromote(VolumeId volume, Epoch epoch) {
            this(volume, epoch, false);
        }

        @Override
        public Class<VolumeState> answerType() {
            return VolumeState.class;
        }
    }

    /** Finishes what was acknowledged, then Secondary. Already Secondary: nothing. */
    record VolumeDemote(VolumeId volume) implements StorageRequest<VolumeState> {
        @Override
        public Class<VolumeState> answerType() {
            return VolumeState.class;
        }
    }

    /**
     * Writes fresh metadata for a volume that is down.
     *
     * @param force overwrites metadata that is there already
     */
    record VolumeCreateMetadata(VolumeId volume, boolean force) implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * {@code drbdadm new-current-uuid}: a new data generation.
     *
     * @param clearBitmap declares all replicas equal as they are, so that no first sync is needed;
     *     only for volumes that were never used
     */
    record VolumeNewCurrentUuid(VolumeId volume, boolean clearBitmap)
            implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** An order of drbdadm that has no arguments of its own. */
    record VolumeOrder(VolumeId volume, Order order) implements StorageRequest<Done> {
        /** What is to be done; see {@code drbdadm} for each. */
        public enum Order {
            CONNECT,
            CONNECT_DISCARDING_MY_DATA,
            DISCONNECT,
            INVALIDATE,
            OUTDATE,
            VERIFY,
            PAUSE_SYNC,
            RESUME_SYNC,
            ATTACH,
            DETACH
        }

        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** Reads drbd.conf again and brings volumes that changed in line with it. */
    record ConfigurationAdjust() implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** Something about a volume that is shown to a person as it is. */
    record VolumeTextQuery(VolumeId volume, Subject subject) implements StorageRequest<Lines> {
        /** What is shown. */
        public enum Subject {
            /** drbd.conf as it was understood. */
            CONFIGURATION,
            /** The metadata on disk. */
            METADATA,
            /** Whether the metadata on disk are sound; an empty answer: yes. */
            METADATA_CHECK,
            /** What each side wrote without the other, and what to type to choose. */
            SPLIT_BRAIN
        }

        @Override
        public Class<Lines> answerType() {
            return Lines.class;
        }
    }

    /**
     * Offers a target. The same target again, equal: nothing; different: its settings are changed
     * for new logins.
     *
     * @param portals where it listens; empty: on every address
     * @param options login and target options by name, as the agents' {@code tgtoptions}
     * @param incomingUsers who may log in by CHAP; empty: no CHAP is asked
     * @param outgoingUser how the target proves itself; null: it does not
     * @param allowedInitiators initiator names or addresses; empty: any
     */
    record TargetAdd(
            String iqn,
            List<Portal> portals,
            SortedMap<String, String> options,
            List<ChapUser> incomingUsers,
            @Nullable ChapUser outgoingUser,
            List<String> allowedInitiators)
            implements StorageRequest<Done> {
        public TargetAdd {
            portals = List.copyOf(portals);
            incomingUsers = List.copyOf(incomingUsers);
            allowedInitiators = List.copyOf(allowedInitiators);
        }

        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** Ends its sessions and takes the target away. Not there: nothing. */
    record TargetRemove(String iqn) implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * Adds a LUN to a target.
     *
     * @param backing a volume's name, or its device path such as {@code /dev/drbd0}
     * @param options by name, such as {@code device_name}, {@code handler}, {@code scsi_id}, {@code
     *     scsi_sn}, {@code vendor_id}, {@code product_id}
     */
    record LunAdd(String iqn, int lun, String backing, SortedMap<String, String> options)
            implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** Finishes its tasks and takes the LUN away. Not there: nothing. */
    record LunRemove(String iqn, int lun) implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * Tells who is in the view, so that a connection to a node that left is given up at once
     * instead of after its own time-out.
     */
    record MembersChanged(Term term, boolean quorate, List<NodeId> members)
            implements StorageRequest<Done> {
        public MembersChanged {
            members = List.copyOf(members);
        }

        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * Tells that heartbeats of a node arrive over one of its addresses, or do not any more, so that
     * a silent connection to it over that address is given up sooner and another path is tried.
     *
     * @param address an IP address without port
     */
    record LinkChanged(NodeId node, String address, boolean up) implements StorageRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }
}
