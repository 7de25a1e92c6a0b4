package io.holdfast.scheduler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node as one calculation sees it: a member of the cluster, a remote node or a guest node. */
public final class Node {
    public final String id;
    public final String name;
    public final boolean remoteKind;

    /** Place in {@link NodeTable}s: nodes are numbered as they become known. */
    public final int index;

    /** The score new resources begin with here: that of the configuration, or a ban when down. */
    public int score;

    /** Whether new resources are to be looked for here. */
    public NodeScore.Discovery discovery = NodeScore.Discovery.ALWAYS;

    public boolean online;
    public boolean pending;
    public boolean unclean;
    public boolean seen;
    public boolean standby;
    public boolean standbyOnFail;
    public boolean maintenance;
    public boolean shutdown;
    public boolean isDc;
    public boolean expectedUp;
    public boolean unpacked;
    public boolean probesAllowed = true;
    public boolean remoteMaintenance;
    public boolean remoteReset;
    public boolean remoteFenced;

    /** The connection resource of a remote or guest node. */
    public @Nullable Primitive remote;

    public final Map<String, String> attributes = new LinkedHashMap<>();
    public final Map<String, String> utilization = new LinkedHashMap<>();

    /** Primitives active here, in the order in which they were found. */
    public final List<Primitive> running = new ArrayList<>();

    /** How many resources have been assigned here. */
    public int assignedCount;

    /** The sum of the priorities of what runs here. */
    public int priority;

    /** Digests already calculated here, by operation key; never iterated. */
    public final Map<String, Object> digests = new HashMap<>();

    public Node(int index, String id, String name, boolean remoteKind, int score) {
        this.index = index;
        this.id = id;
        this.name = name;
        this.remoteKind = remoteKind;
        this.score = score;
    }

    /** Whether this is a remote node that is no guest. */
    public boolean isRemote() {
        return remoteKind && (remote == null || remote.launcher == null);
    }

    /** Whether this is a guest node: one that runs inside a resource. */
    public boolean isGuest() {
        return remoteKind && remote != null && remote.launcher != null;
    }

    /** Whether this guest node is the inside of a bundle's container. */
    public boolean isBundleNode() {
        return isGuest() && guestResource().parent instanceof Bundle;
    }

    /** The resource a guest node runs in. */
    public Resource guestResource() {
        Primitive connection = remote;
        if (connection == null || connection.launcher == null) {
            throw new IllegalStateException(name + " is no guest node");
        }
        return connection.launcher;
    }

    public @Nullable String attribute(String attributeName) {
        return attributes.get(attributeName);
    }

    @Override
    public String toString() {
        return name;
    }
}
