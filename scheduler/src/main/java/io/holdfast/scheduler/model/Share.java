package io.holdfast.scheduler.model;

/**
 * What one thing did to a resource's score for a node.
 *
 * @param source the constraint, setting or event it comes from, in words
 */
public record Share(String source, Node node, int before, int after) {
    /** Whether it forbade the node. */
    public boolean isBan() {
        return after <= -Score.INFINITY && before > -Score.INFINITY;
    }

    /** What it added; INFINITY and -INFINITY are more than any number. */
    public int added() {
        if (after >= Score.INFINITY || after <= -Score.INFINITY) {
            return after;
        }
        return Score.add(after, -before);
    }
}
