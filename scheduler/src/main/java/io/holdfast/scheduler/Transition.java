package io.holdfast.scheduler;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done to bring a cluster from its present state to the one it should have: actions,
 * each with the ids of those that have to be confirmed before it may run.
 *
 * @param actions in the order in which the graph lists them
 * @param settings the graph's attributes, such as {@code cluster-delay} and {@code batch-limit}
 * @param recheckBy when the result may change without any event, in seconds since 1970; 0 if never
 * @param placements where each resource is now and where it will be, with the scores behind that
 * @param summary what changes, a line for each, as people read it
 */
public record Transition(
        List<Step> actions,
        Map<String, String> settings,
        long recheckBy,
        List<Placement> placements,
        List<String> summary) {

    /** What kind of thing an action is, and so who does it. */
    public enum Kind {
        /** An operation of a resource agent, done by the executor of a node. */
        RESOURCE_OPERATION("rsc_op"),
        /** Something the cluster itself does: a shutdown, the end of a fail count. */
        CLUSTER_OPERATION("crm_event"),
        /** Fencing or unfencing of a node. */
        FENCING("crm_event"),
        /** A point for orderings; it is confirmed as soon as it is reached. */
        PSEUDO("pseudo_event");

        private final String element;

        Kind(String element) {
            this.element = element;
        }

        public String element() {
            return element;
        }
    }

    /**
     * The resource an operation is for.
     *
     * @param kind the element's name in the configuration
     * @param id the name to use with agents and in the history
     * @param longId the name with the instance's number, when it is another
     */
    public record Target(
            String kind,
            String id,
            @Nullable String longId,
            @Nullable String agentClass,
            @Nullable String provider,
            @Nullable String type) {}

    /**
     * An action.
     *
     * @param task such as {@code start}; {@code cancel} for the end of a recurring operation
     * @param key the operation's key, as the history knows it
     * @param internalKey the key with the instance's number, when that is another
     * @param node where it is done; null for points of order
     * @param router the cluster node that talks to the remote node where it is done
     * @param mode how it is done, when that is special
     * @param shutdownLock since when the resource is bound to its node by a shutdown; 0 if not
     * @param attributes parameters and, as {@code CRM_meta_…}, meta-attributes; sorted by name
     * @param downed ids of nodes that the action takes down
     * @param maintenance ids of remote nodes whose maintenance state changes, and to what
     * @param inputs ids of the actions that must be confirmed before
     * @param digest the digest of the parameters, as the history records it; null if it has none
     */
    public record Step(
            int id,
            Kind kind,
            String task,
            String key,
            @Nullable String internalKey,
            @Nullable String node,
            @Nullable String nodeId,
            @Nullable String router,
            @Nullable String mode,
            @Nullable Target resource,
            long shutdownLock,
            Map<String, String> attributes,
            List<String> downed,
            Map<String, Boolean> maintenance,
            List<Integer> inputs,
            int priority,
            @Nullable String digest) {

        /** A meta-attribute of the action, by its name in the configuration. */
        public @Nullable String meta(String name) {
            return attributes.get("CRM_meta_" + name.replace('-', '_'));
        }

        /** The interval in milliseconds; 0 for what is done once. */
        public long intervalMillis() {
            String interval = meta("interval");
            return interval == null ? 0 : Long.parseLong(interval);
        }

        public long timeoutMillis() {
            String timeout = meta("timeout");
            return timeout == null ? 0 : Long.parseLong(timeout);
        }

        /** The result code that is expected; 0 unless something else is. */
        public int expectedCode() {
            String code = meta("op_target_rc");
            return code == null ? 0 : Integer.parseInt(code);
        }
    }

    /**
     * Where a resource is and will be.
     *
     * @param scores the scores of nodes when the decision was made, by node name
     */
    public record Placement(
            String resource,
            List<String> activeOn,
            String role,
            @Nullable String assignedTo,
            String nextRole,
            Map<String, Integer> scores) {}
}
