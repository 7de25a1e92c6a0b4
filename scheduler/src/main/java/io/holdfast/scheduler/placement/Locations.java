package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Location;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import java.util.ArrayList;
import java.util.List;

/** Location constraints: kept when they are read, applied before anything is assigned. */
public final class Locations {
    private Locations() {}

    public static Location add(
            String id, Resource resource, NodeScore.Discovery discovery, List<NodeScore> nodes) {
        Location location = new Location(id, resource, discovery, nodes);
        if (discovery == NodeScore.Discovery.EXCLUSIVE) {
            resource.exclusiveDiscovery = true;
        }
        resource.cluster.locations.add(location);
        resource.locations.add(location);
        return location;
    }

    /** Applies all, the newest first. */
    public static void applyAll(Cluster cluster) {
        for (int i = cluster.locations.size() - 1; i >= 0; i--) {
            Location location = cluster.locations.get(i);
            apply(location.resource, location, location.nodes);
        }
    }

    private static void apply(Resource resource, Location location, List<NodeScore> nodes) {
        applyHere(resource, location, nodes);
        if (resource instanceof Bundle bundle) {
            applyToBundle(bundle, location, nodes);
            return;
        }
        // the first member takes the others of its group along, so theirs must not count again
        boolean firstOnly = resource instanceof Group group && group.colocated;
        List<NodeScore> rest = firstOnly && resource.children.size() > 1 ? zeroed(nodes) : nodes;
        boolean first = true;
        for (Resource child : resource.children) {
            apply(child, location, first ? nodes : rest);
            first = false;
        }
    }

    /** A group member's scores with its group's locations added; the member stays as it is. */
    static NodeTable withThoseOfGroup(Resource member) {
        NodeTable before = member.allowed;
        int shares = member.shares.size();
        member.allowed = before.copy();
        List<Location> all = member.cluster.locations;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).resource == member.parent) {
                applyHere(member, all.get(i), all.get(i).nodes);
            }
        }
        NodeTable together = member.allowed;
        member.allowed = before;
        Shares.forgetSince(member, shares);
        return together;
    }

    private static void applyToBundle(Bundle bundle, Location location, List<NodeScore> nodes) {
        for (var replica : bundle.replicas) {
            if (replica.container != null) {
                apply(replica.container, location, nodes);
            }
            if (replica.ip != null) {
                apply(replica.ip, location, nodes);
            }
        }
        Clone child = bundle.child;
        if (child != null && (location.role == Role.UNPROMOTED || location.role == Role.PROMOTED)) {
            apply(child, location, nodes);
            child.locations.add(location);
        }
    }

    private static List<NodeScore> zeroed(List<NodeScore> nodes) {
        List<NodeScore> zeroed = new ArrayList<>(nodes.size());
        for (NodeScore entry : nodes) {
            NodeScore copy = entry.copy();
            copy.score = 0;
            zeroed.add(copy);
        }
        return zeroed;
    }

    private static void applyHere(Resource resource, Location location, List<NodeScore> nodes) {
        if (location.role.above(Role.UNKNOWN) && location.role != resource.nextRole) {
            return;
        }
        String source = "location " + location.id;
        for (NodeScore entry : nodes) {
            NodeScore allowed = resource.allowed.get(entry.node);
            int before = allowed == null ? 0 : allowed.score;
            if (allowed == null) {
                allowed = resource.allowed.put(entry.copy());
            } else {
                allowed.score = Score.add(before, entry.score);
            }
            Shares.note(resource, source, entry.node, before, allowed.score);
            if (allowed.discovery.compareTo(location.discovery) < 0) {
                if (location.discovery == NodeScore.Discovery.EXCLUSIVE) {
                    resource.exclusiveDiscovery = true;
                }
                allowed.discovery = location.discovery;
            }
        }
    }
}
