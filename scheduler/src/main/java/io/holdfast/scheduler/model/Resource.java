package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource during one calculation. Its fields are open to the phases of the scheduler, which fill
 * them one after the other: the configuration, then the history of the nodes, then constraints, the
 * assignment, and the actions. Nothing of it survives the calculation.
 */
public abstract sealed class Resource permits Primitive, Group, Clone, Bundle {
    /** What to do when a resource is found active on several nodes. */
    public enum MultipleActive {
        RESTART,
        STOP_ONLY,
        BLOCK,
        STOP_UNEXPECTED
    }

    public final Cluster cluster;
    public final String id;
    public final Element xml;
    public @Nullable Element operations;
    public final @Nullable Resource parent;
    public List<Resource> children = new ArrayList<>(0);
    public final Map<String, String> meta = new LinkedHashMap<>();
    public final Map<String, String> utilization = new LinkedHashMap<>();

    // from the meta-attributes
    public int priority;
    public int stickiness;
    public int migrationThreshold = Score.INFINITY;
    public long failureTimeoutMillis;
    public MultipleActive multipleActive = MultipleActive.RESTART;
    public boolean managed;
    public boolean maintenance;
    public boolean critical;
    public boolean notify;
    public boolean unique;
    public boolean promotable;
    public boolean migratable;
    public boolean needsQuorum;
    public boolean needsFencing;
    public boolean needsUnfencing;
    public boolean fenceDevice;
    public boolean remoteConnection;
    public long remoteReconnectMillis;

    // from the history
    public Role role = Role.STOPPED;
    public Role nextRole = Role.UNKNOWN;

    /** The name a history entry uses for this instance, when it is another than its id. */
    public @Nullable String historyId;

    public List<Node> active = new ArrayList<>(1);

    /** Nodes on which the state of this resource is known. */
    public NodeTable probed = new NodeTable();

    public boolean blocked;
    public boolean failed;
    public boolean stopIfFailed;
    public boolean failureIgnored;
    public boolean removed;
    public boolean removedLaunched;
    public boolean startPending;
    public @Nullable String pendingAction;
    public @Nullable Node pendingNode;
    public @Nullable Node partialMigrationSource;
    public @Nullable Node partialMigrationTarget;
    public final List<Node> danglingMigrations = new ArrayList<>(0);
    public @Nullable Node lockNode;
    public long lockTime;

    /** The resource whose process holds this one: a guest, or the container of a bundle. */
    public @Nullable Resource launcher;

    public final List<Resource> launched = new ArrayList<>(0);
    public boolean replicaContainer;
    public boolean remoteNestingAllowed;

    // constraints
    public final List<Colocation> thisWith = new ArrayList<>(0);
    public final List<Colocation> withThis = new ArrayList<>(0);
    public final List<Location> locations = new ArrayList<>(0);
    public final List<TicketConstraint> tickets = new ArrayList<>(0);
    public boolean exclusiveDiscovery;

    // assignment
    public NodeTable allowed = new NodeTable();
    public @Nullable NodeScore assigned;
    public boolean unassigned = true;
    public boolean assigning;
    public boolean updatingNodes;
    public int sortIndex = -Score.INFINITY;

    /** What changed its scores, when {@link Cluster#collectShares}. */
    public final List<Share> shares = new ArrayList<>(0);

    // actions
    /** In order of creation; most searches want the newest first. */
    public final List<Action> actions = new ArrayList<>();

    public boolean restarting;
    public boolean stopUnexpected;
    public boolean reload;

    /** Instance attributes by node name ("" for no node); never iterated. */
    public final Map<String, Map<String, String>> parameters = new HashMap<>(2);

    protected Resource(Cluster cluster, String id, Element xml, @Nullable Resource parent) {
        this.cluster = cluster;
        this.id = id;
        this.xml = xml;
        this.parent = parent;
    }

    /** The rank of the kind: primitives lowest, bundles highest. */
    public abstract int rank();

    public final boolean isPrimitive() {
        return this instanceof Primitive;
    }

    public final boolean isGroup() {
        return this instanceof Group;
    }

    public final boolean isClone() {
        return this instanceof Clone;
    }

    public final boolean isBundle() {
        return this instanceof Bundle;
    }

    /** Whether this lies in a bundle, or is one. */
    public final boolean isBundled() {
        for (Resource at = this; at != null; at = at.parent) {
            if (at instanceof Bundle) {
                return true;
            }
        }
        return false;
    }

    public final boolean isAnonymousClone() {
        return this instanceof Clone && !unique;
    }

    public final boolean isUniqueClone() {
        return this instanceof Clone && unique;
    }

    /** The outermost resource this is part of, without the bundle around it. */
    public final Resource top() {
        Resource at = this;
        while (at.parent != null && !(at.parent instanceof Bundle)) {
            at = at.parent;
        }
        return at;
    }

    /** The outermost resource this is part of, the bundle included. */
    public final Resource topWithBundle() {
        Resource at = this;
        while (at.parent != null) {
            at = at.parent;
        }
        return at;
    }

    public final boolean isInside(Resource ancestor) {
        for (Resource at = parent; at != null; at = at.parent) {
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }

    public final @Nullable String agentClass() {
        return xml.attribute("class");
    }

    /** The role now or after the transition; of a collective, the highest of its members. */
    public Role state(boolean current) {
        Role highest = Role.UNKNOWN;
        for (Resource child : children) {
            Role one = child.state(current);
            if (one.above(highest)) {
                highest = one;
            }
        }
        return highest;
    }

    public abstract boolean isActive(boolean all);

    /** Every node this is active on, or will be. */
    public final List<NodeScore> locations(boolean current) {
        List<NodeScore> found = new ArrayList<>(1);
        collectLocations(found, current, false);
        return found;
    }

    /** Every node this is active on, or has a pending action on. */
    public final List<NodeScore> knownLocations() {
        List<NodeScore> found = new ArrayList<>(1);
        collectLocations(found, true, true);
        return found;
    }

    private void collectLocations(List<NodeScore> found, boolean current, boolean withPending) {
        if (!children.isEmpty()) {
            for (Resource child : children) {
                child.collectLocations(found, current, withPending);
            }
        } else if (current) {
            for (Node node : active) {
                addOnce(found, new NodeScore(node, node.score));
            }
            if (withPending && pendingNode != null) {
                addOnce(found, new NodeScore(pendingNode, pendingNode.score));
            }
        } else if (assigned != null) {
            addOnce(found, assigned);
        }
    }

    private static void addOnce(List<NodeScore> found, NodeScore entry) {
        for (NodeScore other : found) {
            if (other.node == entry.node) {
                return;
            }
        }
        found.add(entry);
    }

    /** The one node this is active on or will be; null when there is none, or several. */
    public final @Nullable NodeScore location(boolean current) {
        List<NodeScore> all = locations(current);
        return all.size() == 1 ? all.getFirst() : null;
    }

    /** The node this counts as active on: a migration's source, or a clean node where possible. */
    public final @Nullable Node currentNode() {
        Node best = null;
        for (Node node : active) {
            boolean happy = node.online && !node.unclean;
            if (partialMigrationSource != null) {
                if (node == partialMigrationSource) {
                    return node;
                }
            } else if (!needsFencing) {
                if (happy && (best == null || !best.online || best.unclean)) {
                    best = node;
                }
            }
            if (best == null) {
                best = node;
            }
            if (partialMigrationSource == null && needsFencing) {
                return best;
            }
        }
        return best;
    }

    public final int activeCount() {
        return active.size();
    }

    public final int cleanActiveCount() {
        int count = 0;
        for (Node node : active) {
            if (node.online && !node.unclean) {
                count++;
            }
        }
        return count;
    }

    /** Whether the flag, as the reader takes it, holds here or in any descendant. */
    public final boolean anyInTree(java.util.function.Predicate<Resource> flag) {
        if (flag.test(this)) {
            return true;
        }
        for (Resource child : children) {
            if (child.anyInTree(flag)) {
                return true;
            }
        }
        return false;
    }

    public final boolean allInTree(java.util.function.Predicate<Resource> flag) {
        if (!flag.test(this)) {
            return false;
        }
        for (Resource child : children) {
            if (!child.allInTree(flag)) {
                return false;
            }
        }
        return true;
    }

    /** The first descendant (or this) with the given configured id, inside a clone. */
    public final @Nullable Resource findInstance(String wantedId) {
        if (top() instanceof Clone && (id.equals(wantedId) || xml.id().equals(wantedId))) {
            return this;
        }
        for (Resource child : children) {
            Resource found = child.findInstance(wantedId);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The newest action with this name (and node, when one is given). */
    public final @Nullable Action findByTask(String task, @Nullable Node node) {
        for (int i = actions.size() - 1; i >= 0; i--) {
            Action action = actions.get(i);
            if (action.task.equals(task) && (node == null || action.node == node)) {
                return action;
            }
        }
        return null;
    }

    /** The newest action with this key (and node, when one is given). */
    public final @Nullable Action findByKey(String key) {
        for (int i = actions.size() - 1; i >= 0; i--) {
            if (actions.get(i).key.equals(key)) {
                return actions.get(i);
            }
        }
        return null;
    }

    public final String key(String task) {
        return Keys.operation(id, task, 0);
    }

    @Override
    public final String toString() {
        return id;
    }
}
