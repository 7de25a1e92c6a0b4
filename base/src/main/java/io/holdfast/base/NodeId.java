package io.holdfast.base;

/**
 * A cluster node by its name, as {@code uname -n} prints it; unique in its cluster. The witness is
 * a voter with a name too, but never a node that runs resources.
 */
public record NodeId(String name) implements Comparable<NodeId> {
    public NodeId {
        Names.requireSafe("node", name);
    }

    @Override
    public int compareTo(NodeId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
