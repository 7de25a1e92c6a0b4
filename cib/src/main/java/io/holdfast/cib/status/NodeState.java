package io.holdfast.cib.status;

/**
 * What the membership and the coordinator know of a node.
 *
 * @param node the node's name
 * @param memberSinceSeconds Unix time at which it joined the cluster layer; 0 when it is not there
 * @param onlineSinceSeconds Unix time at which its controller joined the process group; 0 when it
 *     has not
 * @param join how far the coordinator has come with it
 * @param expectedMember whether it is meant to be here: false after a clean shutdown, so that its
 *     absence needs no fencing
 */
public record NodeState(
        String node,
        long memberSinceSeconds,
        long onlineSinceSeconds,
        Join join,
        boolean expectedMember) {

    /** The values of {@code join}. */
    public enum Join {
        DOWN("down"),
        PENDING("pending"),
        MEMBER("member"),
        BANNED("banned");

        private final String text;

        Join(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** A full member. */
    public static NodeState member(String node, long sinceSeconds) {
        return new NodeState(node, sinceSeconds, sinceSeconds, Join.MEMBER, true);
    }

    /** A node that went away without saying so: unclean until it is fenced or its lease is over. */
    public static NodeState lost(String node) {
        return new NodeState(node, 0, 0, Join.DOWN, true);
    }

    /** A node that is away and needs no fencing: shut down in order, fenced, or its lease over. */
    public static NodeState down(String node) {
        return new NodeState(node, 0, 0, Join.DOWN, false);
    }
}
