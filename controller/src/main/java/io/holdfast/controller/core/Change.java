package io.holdfast.controller.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import org.jspecify.annotations.Nullable;

/** What somebody on a node asks the coordinator to change; {@link ChangeRules} decides. */
public sealed interface Change {
    /**
     * Puts a configuration in force.
     *
     * @param syntax {@code crm} or {@code xml}
     * @param mode {@code replace}, {@code update} or {@code push}
     * @param expectedVersion of the configuration that is to be changed; null: whatever is there
     */
    record LoadConfiguration(
            String syntax, String mode, String text, @Nullable String expectedVersion)
            implements Change {}

    /**
     * As it is asked again when no answer came: it may have been made, and others may have changed
     * what it made since, which it must not undo.
     *
     * @param version of the configuration when it was asked first
     */
    default Change askedAgain(String version) {
        return this instanceof LoadConfiguration load && load.expectedVersion() == null
                ? new LoadConfiguration(load.syntax(), load.mode(), load.text(), version)
                : this;
    }

    /** Sets or clears a permanent attribute of a node, such as {@code standby}. */
    record SetNodeAttribute(NodeId node, String name, String value) implements Change {}

    /** Sets a meta attribute of a resource, such as {@code target-role}. */
    record SetResourceMeta(String resource, String name, String value) implements Change {}

    /** Forgets the failures of a resource, or of all when empty; nothing is logged. */
    record CleanUpResource(String resource) implements Change {}

    /**
     * {@code node} wants to become Primary: a new epoch.
     *
     * @param force a person wants it although its replica is recorded Outdated
     */
    record PromoteVolume(VolumeId volume, NodeId node, boolean force) implements Change {
        /** Not by force. */
        public PromoteVolume(VolumeId volume, NodeId node) {
            this(volume, node, false);
        }
    }

    /** {@code node} is no longer Primary and acknowledges nothing more under {@code epoch}. */
    record ReleaseVolume(VolumeId volume, NodeId node, Epoch epoch) implements Change {}

    /** The Primary {@code node} lost {@code replica} and wants to go on without it. */
    record OutdateReplica(VolumeId volume, NodeId node, Epoch epoch, NodeId replica)
            implements Change {}

    /** The Primary {@code node} has brought {@code replica} up to date; both are connected. */
    record ReinstateReplica(VolumeId volume, NodeId node, Epoch epoch, NodeId replica)
            implements Change {}
}
