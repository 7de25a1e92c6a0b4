package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything one calculation works on; the phases of the scheduler fill it one after the other. */
public final class Cluster {
    /** What to do without quorum. */
    public enum NoQuorum {
        STOP,
        FREEZE,
        IGNORE,
        DEMOTE,
        FENCE
    }

    /** A history entry whose parameters can be judged only after the assignment. */
    public record ParameterCheck(
            Resource resource, Node node, Element operation, boolean lastFailure) {}

    /** A failed operation, for the status. */
    public record FailedOperation(Element operation, String resource, Node node) {}

    public final Element cib;

    /** Seconds since 1970. */
    public final long now;

    public final Map<String, String> options = new LinkedHashMap<>();

    // options that the phases ask for again and again
    public boolean quorate;
    public boolean symmetric = true;
    public boolean fencingEnabled = true;
    public boolean haveFencing;
    public boolean unfencingEnabled;
    public boolean concurrentFencing = true;
    public boolean stopAll;
    public boolean inMaintenance;
    public boolean stopRemovedResources = true;
    public boolean cancelRemovedActions = true;
    public boolean startFailureFatal = true;
    public boolean startupFencing;
    public boolean probeResources = true;
    public boolean shutdownLock;
    public boolean haveRemoteNodes;
    public boolean fenceRemoteWithoutQuorum;
    public NoQuorum noQuorum = NoQuorum.STOP;
    public String fenceAction = "reboot";
    public long priorityFencingMillis;
    public String placementStrategy = "default";
    public long shutdownLockMillis;
    public long nodePendingMillis;
    public String dcId = "";
    public int healthRed = -Score.INFINITY;
    public int healthYellow;
    public int healthGreen;

    /** By the numeric order of their names. */
    public final List<Node> nodes = new ArrayList<>();

    private final Map<String, Node> nodesByName = new HashMap<>();

    public List<Resource> resources = new ArrayList<>();
    private final Map<String, Resource> resourcesById = new HashMap<>();
    private final Map<String, Resource> resourcesByHistory = new HashMap<>();

    public @Nullable Element resourceDefaults;
    public @Nullable Element operationDefaults;
    public final Map<String, List<String>> templates = new LinkedHashMap<>();
    public final Map<String, List<String>> tags = new LinkedHashMap<>();
    public final Map<String, Ticket> tickets = new LinkedHashMap<>();

    /** In order of creation; applied newest first. */
    public final List<Location> locations = new ArrayList<>();

    public final List<Colocation> colocations = new ArrayList<>();
    public final List<Ordering> orderings = new ArrayList<>();
    public final List<Action> actions = new ArrayList<>();
    private final Map<String, Action> singletons = new HashMap<>();
    private final Map<String, Element> byId = new HashMap<>();
    private boolean idsIndexed;

    public final List<FailedOperation> failed = new ArrayList<>();
    public final List<Resource> stopNeeded = new ArrayList<>();
    public final List<ParameterCheck> parameterChecks = new ArrayList<>();

    /** History entries whose failure has expired, so that the operation is to be scheduled anew. */
    public final java.util.Set<Element> expiredRecurring =
            java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());

    /** Digests by the parameters they are of; never iterated. */
    public final Map<Map<String, String>, String> digests = new HashMap<>();

    /** Node state entries by node name. */
    public final Map<String, Element> nodeStates = new LinkedHashMap<>();

    /** Messages that the tools show above the result. */
    public final List<String> notices = new ArrayList<>();

    /** Allocation scores as the tools print them, when {@link #collectScores}. */
    public final List<String> scoreLines = new ArrayList<>();

    /** Whether the CIB may have its secrets masked: only what is no secret counts then. */
    public boolean sanitized;

    public boolean collectScores;

    /** Whether it is noted what each constraint, setting and event does to scores. */
    public boolean collectShares;

    /** Whether what nodes can carry and resources take is noted, in these and the score lines. */
    public boolean showUtilization;

    public final List<String> capacityBefore = new ArrayList<>();
    public final List<String> capacityAfter = new ArrayList<>();

    /** When the scheduler should look again, in seconds since 1970; 0 when nothing will change. */
    public long recheckBy;

    public Cluster(Element cib, long now) {
        this.cib = cib;
        this.now = now;
    }

    public Node addNode(String id, String name, boolean remote, int score) {
        Node node = new Node(nodes.size(), id, name, remote, score);
        int at = nodes.size();
        Comparator<String> byName = Values.NUMERIC_NAMES;
        while (at > 0 && byName.compare(nodes.get(at - 1).name, name) > 0) {
            at--;
        }
        nodes.add(at, node);
        nodesByName.putIfAbsent(name.toLowerCase(java.util.Locale.ROOT), node);
        if (remote) {
            node.attributes.put("#kind", "remote");
            haveRemoteNodes = true;
        } else {
            node.attributes.put("#kind", "cluster");
        }
        return node;
    }

    public @Nullable Node node(@Nullable String name) {
        return name == null ? null : nodesByName.get(name.toLowerCase(java.util.Locale.ROOT));
    }

    /** The node with this id, or else with this name. */
    public @Nullable Node node(@Nullable String id, @Nullable String name) {
        if (id != null) {
            for (Node node : nodes) {
                if (node.id.equalsIgnoreCase(id)) {
                    return node;
                }
            }
        }
        return node(name);
    }

    /** Makes a resource known by its id. */
    public void index(Resource resource) {
        resourcesById.putIfAbsent(resource.id, resource);
    }

    public void indexHistory(Resource resource, String historyId) {
        resourcesByHistory.putIfAbsent(historyId, resource);
    }

    /** The resource with this id, or that the history knows by it. */
    public @Nullable Resource resource(@Nullable String id) {
        if (id == null) {
            return null;
        }
        Resource found = resourcesById.get(id);
        return found != null ? found : resourcesByHistory.get(id);
    }

    public @Nullable Action singleton(String key) {
        return singletons.get(key);
    }

    public void register(Action action) {
        actions.add(action);
        Resource resource = action.resource;
        if (resource == null) {
            singletons.put(action.key, action);
        } else {
            resource.actions.add(action);
        }
    }

    public int nextActionId() {
        return actions.size() + 1;
    }

    public String option(String name, String otherwise) {
        String value = options.get(name);
        return value == null ? otherwise : value;
    }

    /** The element that an {@code id-ref} stands for; the element itself when it has none. */
    public @Nullable Element resolve(@Nullable Element element) {
        if (element == null) {
            return null;
        }
        String reference = element.attribute("id-ref");
        if (reference == null) {
            return element;
        }
        if (!idsIndexed) {
            idsIndexed = true;
            cib.childOrEmpty("configuration")
                    .visit(
                            each -> {
                                if (each.has("id")) {
                                    byId.putIfAbsent(each.name() + " " + each.id(), each);
                                }
                            });
        }
        return byId.get(element.name() + " " + reference);
    }

    /** Remembers the earliest time at which the result may change. */
    public void recheckAt(long when) {
        if (when > now && (recheckBy == 0 || when < recheckBy)) {
            recheckBy = when;
        }
    }
}
