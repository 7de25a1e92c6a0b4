package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instances of clones and containers of bundles: which goes first, how many go where. */
public final class Instances {
    private Instances() {}

    public static List<Resource> of(Resource collective) {
        return collective instanceof Bundle bundle ? bundle.containers() : collective.children;
    }

    /** Assigns instances, at first to where they are, as many as that node should have. */
    static void assign(
            Resource collective, List<Resource> instances, int maxTotal, int maxPerNode) {
        int available = 0;
        for (NodeScore entry : collective.allowed) {
            entry.count = 0;
            if (Availability.canRun(entry)) {
                available++;
            }
        }
        int optimal = Math.max(1, available == 0 ? 0 : maxTotal / available);
        int assigned = 0;
        for (Resource instance : instances) {
            if (assigned >= maxTotal) {
                break;
            }
            if (!instance.unassigned) {
                continue;
            }
            Node current = preferredNode(instance, optimal);
            if (current != null
                    && assignEarly(instance, current, maxPerNode, maxTotal - assigned)) {
                assigned++;
            }
        }
        for (Resource instance : instances) {
            if (!instance.unassigned) {
                continue;
            }
            if (assigned >= maxTotal) {
                Scores.ban(instance, null, "there are as many instances as there should be");
            } else if (assignOne(instance, null, maxPerNode) != null) {
                assigned++;
            }
        }
    }

    private static @Nullable Node preferredNode(Resource instance, int optimal) {
        if (instance.active.isEmpty() || !instance.unassigned || instance.failed) {
            return null;
        }
        Node node = instance.currentNode();
        if (node == null || !Availability.isOpen(node)) {
            return null;
        }
        NodeScore atParent = parentTable(instance).get(node);
        return atParent != null && atParent.count >= optimal ? null : node;
    }

    /**
     * Tries to leave an instance where it is. When another node is better, one of the instances
     * still to be given is reserved for that node, and the trial is repeated.
     */
    private static boolean assignEarly(
            Resource instance, Node current, int maxPerNode, int available) {
        Resource parent = instance.parent;
        if (parent == null || !Availability.isOpen(instance.allowed.get(current))) {
            return false;
        }
        List<NodeTable> tables = new ArrayList<>(1 + instance.children.size());
        List<Integer> shares = new ArrayList<>(1);
        saveTables(instance, tables, shares);
        NodeTable parentTable = parent.allowed;
        parent.allowed = parentTable.copy();
        NodeScore chosen = null;
        int reserved = 0;
        while (reserved < available) {
            chosen = assignOne(instance, current, maxPerNode);
            if (chosen != null && chosen.node == current) {
                break;
            }
            restoreTables(instance, new ArrayList<>(tables), new ArrayList<>(shares));
            if (chosen == null) {
                instance.unassigned = true;
                break;
            }
            reserved++;
            Assignment.unassign(instance);
            chosen = null;
        }
        parent.allowed = parentTable;
        if (chosen == null) {
            return false;
        }
        countAtParent(instance, chosen.node);
        return true;
    }

    private static void saveTables(
            Resource resource, List<NodeTable> tables, List<Integer> shares) {
        tables.add(resource.allowed.copy());
        shares.add(resource.shares.size());
        for (Resource child : resource.children) {
            saveTables(child, tables, shares);
        }
    }

    private static void restoreTables(
            Resource resource, List<NodeTable> tables, List<Integer> shares) {
        resource.allowed = tables.removeFirst().copy();
        Shares.forgetSince(resource, shares.removeFirst());
        for (Resource child : resource.children) {
            restoreTables(child, tables, shares);
        }
    }

    private static @Nullable NodeScore assignOne(
            Resource instance, @Nullable Node prefer, int maxPerNode) {
        if (instance.assigning) {
            return null;
        }
        banUnavailable(instance, maxPerNode);
        NodeScore chosen = Assignment.choose(instance, prefer, prefer == null);
        if (chosen != null) {
            countAtParent(instance, chosen.node);
        }
        return chosen;
    }

    private static NodeTable parentTable(Resource instance) {
        return instance.parent == null ? instance.allowed : instance.parent.allowed;
    }

    private static void countAtParent(Resource instance, Node node) {
        NodeScore atParent = parentTable(instance).get(node);
        if (atParent != null) {
            atParent.count++;
        }
    }

    private static void banUnavailable(Resource instance, int maxPerNode) {
        NodeTable ofParent = parentTable(instance);
        for (NodeScore entry : instance.allowed) {
            NodeScore atParent = ofParent.get(entry.node);
            if (instance.removed
                    || !Availability.canRun(entry)
                    || atParent == null
                    || atParent.score < 0
                    || atParent.count >= maxPerNode) {
                ban(instance, entry);
                for (Resource child : instance.children) {
                    NodeScore ofChild = child.allowed.get(entry.node);
                    if (ofChild != null) {
                        ban(child, ofChild);
                    }
                }
            }
        }
    }

    private static void ban(Resource resource, NodeScore entry) {
        int before = entry.score;
        entry.score = -Score.INFINITY;
        Shares.note(
                resource,
                "the node has its instances, or may have none",
                entry.node,
                before,
                entry.score);
    }

    /** Negative when the first instance should be assigned first. */
    static int compare(Resource one, Resource other) {
        Node node1 = currentNode(one);
        Node node2 = currentNode(other);
        int active1 = activeCount(one);
        int active2 = activeCount(other);
        if (active1 > 0 && active2 > 0 && active1 != active2) {
            return Integer.compare(active1, active2);
        }
        boolean can1 = node1 == null || isAllowed(one, node1);
        boolean can2 = node2 == null || isAllowed(other, node2);
        if (can1 != can2) {
            return can1 ? -1 : 1;
        }
        if (!can1) {
            node1 = null;
            node2 = null;
        }
        if (one.priority != other.priority) {
            return Integer.compare(other.priority, one.priority);
        }
        if (node1 == null || node2 == null) {
            return Boolean.compare(node1 == null, node2 == null);
        }
        boolean runs1 = Availability.canRun(node1);
        boolean runs2 = Availability.canRun(node2);
        if (runs1 != runs2) {
            return runs1 ? -1 : 1;
        }
        NodeScore atParent1 = parentTable(one).get(node1);
        NodeScore atParent2 = parentTable(other).get(node2);
        if (atParent1 == null || atParent2 == null) {
            return Boolean.compare(atParent1 == null, atParent2 == null);
        }
        if (atParent1.count != atParent2.count) {
            return Integer.compare(atParent1.count, atParent2.count);
        }
        boolean failed1 = one.anyInTree(each -> each.failed);
        boolean failed2 = other.anyInTree(each -> each.failed);
        if (failed1 != failed2) {
            return failed1 ? 1 : -1;
        }
        int byColocation =
                Integer.compare(
                        colocatedScore(other, atParent2.node), colocatedScore(one, atParent1.node));
        return byColocation != 0 ? byColocation : compareNumbers(one, other);
    }

    private static @Nullable Node currentNode(Resource instance) {
        if (instance.children.isEmpty()) {
            return instance.currentNode();
        }
        List<NodeScore> all = instance.locations(true);
        Node best = null;
        for (NodeScore entry : all) {
            Node node = entry.node;
            if (best == null
                    || (!instance.needsFencing
                            && node.online
                            && !node.unclean
                            && (!best.online || best.unclean))) {
                best = node;
            }
        }
        return best;
    }

    private static int activeCount(Resource instance) {
        return instance.children.isEmpty()
                ? instance.active.size()
                : instance.locations(true).size();
    }

    private static boolean isAllowed(Resource instance, Node node) {
        NodeScore entry = instance.allowed.get(node);
        return entry != null && entry.score >= 0;
    }

    /** How much the colocations of an instance speak for the node it is on. */
    private static int colocatedScore(Resource instance, Node current) {
        NodeTable table = new NodeTable();
        table.put(new NodeScore(current, current.score));
        for (Colocation colocation : Colocations.thisWith(instance)) {
            table =
                    ColocatedScores.add(
                            colocation.primary(),
                            instance,
                            table,
                            colocation,
                            ColocatedScores.factor(colocation),
                            ColocatedScores.Mode.PLAIN);
        }
        for (Colocation colocation : Colocations.withThis(instance)) {
            if (Colocations.hasInfluence(colocation, instance)) {
                table =
                        ColocatedScores.add(
                                colocation.dependent(),
                                instance,
                                table,
                                colocation,
                                ColocatedScores.factor(colocation),
                                ColocatedScores.Mode.NON_NEGATIVE);
            }
        }
        NodeScore entry = table.get(current);
        return entry == null ? 0 : entry.score;
    }

    public static int compareNumbers(Resource one, Resource other) {
        return Long.compare(number(one), number(other));
    }

    private static long number(Resource instance) {
        int at = instance.id.lastIndexOf(':');
        if (at < 0) {
            at = instance.id.lastIndexOf('-');
        }
        return Values.number(instance.id.substring(at + 1), 0);
    }

    /** Orders a clone's instances by their numbers. */
    public static void sortByNumber(Resource clone) {
        StableSort.sort(clone.children, Instances::compareNumbers);
    }

    /** Whether an instance is on this node, in this role where one is asked for. */
    public static boolean matches(Resource instance, Node node, Role role, boolean current) {
        if (role != Role.UNKNOWN && role != instance.state(current)) {
            return false;
        }
        if (instance.anyInTree(each -> each.blocked)) {
            return false;
        }
        NodeScore location = instance.location(current);
        return location != null && location.node == node;
    }

    /** The instance that goes with a resource: on its node, or on one that is open to it. */
    public static @Nullable Resource compatible(
            Resource match, Resource collective, Role role, boolean current) {
        NodeScore location = match.location(current);
        if (location != null) {
            return on(collective, location.node, role, current);
        }
        for (NodeScore entry : NodeOrder.best(match.cluster, match.allowed, null)) {
            Resource found = on(collective, entry.node, role, current);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The container that goes with a resource; what is in a container is on that one's host. */
    static @Nullable Resource compatibleContainer(Resource match, Bundle bundle) {
        NodeScore location = match.location(false);
        if (location != null && host(location.node) != null) {
            return onHostOf(bundle, location.node);
        }
        for (NodeScore entry : NodeOrder.best(match.cluster, match.allowed, null)) {
            Resource found = onHostOf(bundle, entry.node);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Resource onHostOf(Bundle bundle, Node node) {
        Node host = host(node);
        return host == null ? null : on(bundle, host, Role.UNKNOWN, false);
    }

    private static @Nullable Node host(Node node) {
        if (!node.isBundleNode()) {
            return node;
        }
        NodeScore host = node.guestResource().location(false);
        return host == null ? null : host.node;
    }

    private static @Nullable Resource on(
            Resource collective, Node node, Role role, boolean current) {
        for (Resource instance : of(collective)) {
            if (matches(instance, node, role, current)) {
                return instance;
            }
        }
        return null;
    }
}
