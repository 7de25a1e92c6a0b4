package io.holdfast.scheduler.model;

/** A resource's need of a ticket, and what happens when the ticket is lost. */
public record TicketConstraint(
        String id, Resource resource, Ticket ticket, Role role, LossPolicy lossPolicy) {
    /** What to do with what is active when the ticket is lost. */
    public enum LossPolicy {
        STOP,
        DEMOTE,
        FENCE,
        FREEZE
    }
}
