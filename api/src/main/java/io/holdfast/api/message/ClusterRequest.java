package io.holdfast.api.message;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import org.jspecify.annotations.Nullable;

/** What {@code clusterd} can be asked. */
public sealed interface ClusterRequest<A extends Answer> extends Request<A> {

    /** What people want to see: {@code holdfast status}, {@code crm_mon}. */
    record ClusterStatusQuery() implements ClusterRequest<ClusterStatus> {
        @Override
        public Class<ClusterStatus> answerType() {
            return ClusterStatus.class;
        }
    }

    /**
     * Puts a configuration in force, or says everything that is wrong with it and changes nothing.
     * Answered when a quorum of votes has it on disk.
     *
     * @param text the configuration in {@code syntax}
     * @param expectedVersion when given, refused unless the configuration still has this version
     */
    record ConfigurationLoad(
            ConfigurationSyntax syntax,
            LoadMode mode,
            String text,
            @Nullable String expectedVersion)
            implements ClusterRequest<ConfigurationLoaded> {
        @Override
        public Class<ConfigurationLoaded> answerType() {
            return ConfigurationLoaded.class;
        }
    }

    /** The configuration in force, as text. */
    record ConfigurationShow(ConfigurationSyntax syntax)
            implements ClusterRequest<ConfigurationText> {
        @Override
        public Class<ConfigurationText> answerType() {
            return ConfigurationText.class;
        }
    }

    /**
     * The whole CIB as this node knows it, configuration and status, as XML: what a decision is
     * made from, and what {@code cibadmin -Q} shows. While the node is in no quorate view {@code
     * have-quorum} is 0 and the status is the last that it was told.
     */
    record CibShow() implements ClusterRequest<ConfigurationText> {
        @Override
        public Class<ConfigurationText> answerType() {
            return ConfigurationText.class;
        }
    }

    /** Moves everything off a node, or lets it work again. */
    record NodeStandby(NodeId node, boolean standby, AttributeLifetime lifetime)
            implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * Forgets failures, so that the cluster tries again.
     *
     * @param resource null: of every resource
     * @param node null: on every node
     */
    record ResourceCleanup(@Nullable String resource, @Nullable NodeId node)
            implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * Sets the role a resource may have at most.
     *
     * @param role null: takes the setting away, so that the default holds again
     */
    record ResourceTargetRole(String resource, @Nullable TargetRole role)
            implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * The stamped events this node knows of, oldest first.
     *
     * @param afterSequence only events after this one; 0 for all that are kept
     * @param limit at most so many, 1 to 10,000
     */
    record EventsQuery(long afterSequence, int limit) implements ClusterRequest<Events> {
        public EventsQuery {
            limit = Math.clamp(limit, 1, 10_000);
        }

        @Override
        public Class<Events> answerType() {
            return Events.class;
        }
    }

    /**
     * {@code drbdadm primary} on this node: records an epoch for it and promotes its replica.
     *
     * @param force also a replica that is Outdated or Inconsistent; what only others have is lost
     */
    record VolumePromoteHere(VolumeId volume, boolean force) implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** {@code drbdadm secondary} on this node: demotes its replica and gives the epoch back. */
    record VolumeDemoteHere(VolumeId volume) implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * From {@code storaged}: writes down on the quorate side that a replica is Outdated since
     * {@code epoch}. Answered when the record cannot be lost; a Problem when it is refused, because
     * this node's epoch is over.
     */
    record VolumeRecordOutdated(VolumeId volume, Epoch epoch, NodeId replica)
            implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /** From {@code storaged}: writes down that a replica is equal again; answered as above. */
    record VolumeRecordUpToDate(VolumeId volume, Epoch epoch, NodeId replica)
            implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }

    /**
     * From {@code storaged}, at once when a volume's disk state, role, peer or sync state changed,
     * so that promotion scores need not wait for the next monitor.
     */
    record VolumeStateChanged(VolumeStatus volume) implements ClusterRequest<Done> {
        @Override
        public Class<Done> answerType() {
            return Done.class;
        }
    }
}
