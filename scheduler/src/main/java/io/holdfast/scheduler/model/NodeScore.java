package io.holdfast.scheduler.model;

/** What one resource thinks of one node. */
public final class NodeScore {
    /** Where a resource may be looked for (probed). */
    public enum Discovery {
        ALWAYS,
        NEVER,
        EXCLUSIVE
    }

    public final Node node;
    public int score;

    /** How many instances of a clone have been given to the node, or were promoted on it. */
    public int count;

    public Discovery discovery = Discovery.ALWAYS;

    public NodeScore(Node node, int score) {
        this.node = node;
        this.score = score;
    }

    public NodeScore copy() {
        NodeScore copy = new NodeScore(node, score);
        copy.count = count;
        copy.discovery = discovery;
        return copy;
    }

    @Override
    public String toString() {
        return node.name + "=" + Score.text(score);
    }
}
