package io.holdfast.scheduler.simulate;

import org.jspecify.annotations.Nullable;

/** Something that was done in a simulation. */
public sealed interface Event {
    /** As the tools print it. */
    String line();

    /** A point of order was reached. */
    record PointReached(String key, @Nullable String node) implements Event {
        @Override
        public String line() {
            return "Pseudo action:   " + key + (node == null ? "" : " on " + node);
        }
    }

    /** A node was fenced, or unfenced. */
    record NodeFenced(String node, @Nullable String how) implements Event {
        @Override
        public String line() {
            return "Fencing " + node + " (" + how + ")";
        }
    }

    /** The cluster did something itself. */
    record ClusterActed(String task, @Nullable String resource, @Nullable String node)
            implements Event {
        @Override
        public String line() {
            return "Cluster action:  "
                    + task
                    + (resource == null ? "" : " for " + resource)
                    + " on "
                    + node;
        }
    }

    /** An agent was run. */
    record OperationDone(String resource, String task, long intervalMillis, String node)
            implements Event {
        private static final int NAME_WIDTH = 15;

        @Override
        public String line() {
            return "Resource action: "
                    + resource
                    + " ".repeat(Math.max(0, NAME_WIDTH - resource.length()))
                    + " "
                    + task
                    + (intervalMillis == 0 ? "" : "=" + intervalMillis)
                    + " on "
                    + node;
        }
    }

    /** An operation failed because that was asked for. */
    record FailurePretended(int action, int code) implements Event {
        @Override
        public String line() {
            return "Pretending action " + action + " failed with rc=" + code;
        }
    }

    /** An attribute of a node was changed by a pretended failure. */
    record AttributeInjected(String name, String value, String nodeId) implements Event {
        @Override
        public String line() {
            return "Injecting attribute "
                    + name
                    + "="
                    + value
                    + " into /node_state '"
                    + nodeId
                    + "'";
        }
    }

    /** Something else was changed before the decision. */
    record Modified(String line) implements Event {}
}
