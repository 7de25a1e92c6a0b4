package io.holdfast.scheduler.model;

/** What an ordering of two actions, "first then then", implies; bits that are combined. */
public final class Relation {
    public static final int NONE = 0;

    /** If both are to be done, then in this order. */
    public static final int ORDERED = 1;

    /** If {@code then} is required, so is {@code first}. */
    public static final int THEN_IMPLIES_FIRST = 1 << 1;

    /** If {@code first} is required, so is {@code then}. */
    public static final int FIRST_IMPLIES_THEN = 1 << 2;

    public static final int PROMOTED_THEN_IMPLIES_FIRST = 1 << 3;

    /** {@code first} is runnable only if {@code then} is runnable and can migrate. */
    public static final int UNMIGRATABLE_THEN_BLOCKS = 1 << 4;

    /** If {@code first} cannot run, neither can {@code then}. */
    public static final int UNRUNNABLE_FIRST_BLOCKS = 1 << 5;

    /** If {@code first} cannot run, {@code then} becomes real and unmigratable. */
    public static final int UNMIGRATABLE_FIRST_BLOCKS = 1 << 6;

    public static final int IF_FIRST_UNMIGRATABLE = 1 << 7;
    public static final int IF_ON_SAME_NODE = 1 << 8;

    /** For capacity: only if both are on one node, or {@code then} moves there. */
    public static final int IF_ON_SAME_NODE_OR_TARGET = 1 << 9;

    /** For anti-colocations: only if {@code first} is required and both are on one node. */
    public static final int IF_REQUIRED_ON_SAME_NODE = 1 << 10;

    public static final int FIRST_IMPLIES_THEN_GRAPHED = 1 << 11;
    public static final int THEN_IMPLIES_FIRST_GRAPHED = 1 << 12;
    public static final int ASYMMETRIC = 1 << 13;

    /** {@code then} becomes runnable when enough such firsts are. */
    public static final int MIN_RUNNABLE = 1 << 14;

    /** A stop and the start after it, or two members of a group. */
    public static final int INTERMEDIATE_STOP = 1 << 15;

    public static final int SERIALIZE = 1 << 16;
    public static final int GUEST_ALLOWED = 1 << 17;
    public static final int THEN_CANCELS_FIRST = 1 << 18;

    /** Unfencing: implies only what is on the same node. */
    public static final int FIRST_IMPLIES_SAME_NODE_THEN = 1 << 19;

    public static final int NESTED_REMOTE_PROBE = 1 << 20;

    private Relation() {}

    public static boolean is(int relation, int flag) {
        return (relation & flag) == flag;
    }

    public static boolean isAny(int relation, int flags) {
        return (relation & flags) != 0;
    }
}
