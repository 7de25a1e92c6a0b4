package io.holdfast.scheduler.model;

/**
 * The wish that a dependent resource runs where a primary does, or does not.
 *
 * @param nodeAttribute what must be equal of the two nodes; {@code #uname} for the node itself
 * @param influence whether the dependent has a say in where the primary goes
 * @param explicit whether it stands in the configuration
 */
public record Colocation(
        String id,
        Resource dependent,
        Resource primary,
        Role dependentRole,
        Role primaryRole,
        String nodeAttribute,
        int score,
        boolean influence,
        boolean explicit) {
    public boolean mandatory() {
        return score >= Score.INFINITY || score <= -Score.INFINITY;
    }
}
