package io.holdfast.scheduler.model;

import java.util.List;

/** Scores that a constraint, rule or node health gives nodes for a resource. */
public final class Location {
    public final String id;
    public final Resource resource;
    public Role role = Role.UNKNOWN;
    public NodeScore.Discovery discovery;

    /** Newest first, as they are applied. */
    public List<NodeScore> nodes;

    public Location(
            String id, Resource resource, NodeScore.Discovery discovery, List<NodeScore> nodes) {
        this.id = id;
        this.resource = resource;
        this.discovery = discovery;
        this.nodes = nodes;
    }
}
