package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Ticket;
import io.holdfast.scheduler.model.TicketConstraint;
import io.holdfast.scheduler.model.TicketConstraint.LossPolicy;
import io.holdfast.scheduler.placement.Scores;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Ticket constraints: what may run only at the site that holds a ticket. */
final class TicketConstraints {
    private TicketConstraints() {}

    static void unpack(Cluster cluster, Element constraint) {
        String ticketId = constraint.attribute("ticket");
        if (ticketId == null) {
            return;
        }
        Ticket ticket = cluster.tickets.computeIfAbsent(ticketId, Ticket::new);
        String policy = constraint.attribute("loss-policy");
        String id = constraint.attribute("rsc");
        List<Element> sets = Constraints.sets(cluster, constraint);
        if (sets.isEmpty() && id != null && Constraints.isTag(cluster, id)) {
            sets =
                    List.of(
                            Constraints.sideAsSet(
                                    cluster, id, "role", constraint.attribute("rsc-role")));
        }
        for (Element set : sets) {
            List<Resource> members = Constraints.members(cluster, set);
            if (members == null) {
                return;
            }
            for (Resource member : members) {
                add(set.id(), member, ticket, set.attribute("role"), policy);
            }
        }
        if (sets.isEmpty()) {
            Resource resource =
                    Constraints.instance(
                            cluster,
                            Constraints.resource(cluster, id),
                            constraint.attribute("rsc-instance"));
            if (resource != null) {
                add(constraint.id(), resource, ticket, constraint.attribute("rsc-role"), policy);
            }
        }
    }

    private static void add(
            String id,
            Resource resource,
            Ticket ticket,
            @Nullable String roleText,
            @Nullable String policyText) {
        Role role = Role.parse(roleText);
        if (role == Role.STARTED) {
            role = Role.UNKNOWN;
        }
        LossPolicy policy =
                switch (policyText == null ? "" : policyText.toLowerCase(Locale.ROOT)) {
                    case "fence" ->
                            resource.cluster.fencingEnabled ? LossPolicy.FENCE : LossPolicy.STOP;
                    case "freeze" -> LossPolicy.FREEZE;
                    case "demote" -> LossPolicy.DEMOTE;
                    case "stop" -> LossPolicy.STOP;
                    default -> role == Role.PROMOTED ? LossPolicy.DEMOTE : LossPolicy.STOP;
                };
        TicketConstraint constraint = new TicketConstraint(id, resource, ticket, role, policy);
        resource.tickets.add(constraint);
        apply(resource, constraint);
    }

    private static void apply(Resource resource, TicketConstraint constraint) {
        Ticket ticket = constraint.ticket();
        if (ticket.granted && !ticket.standby) {
            return;
        }
        if (!resource.children.isEmpty()) {
            for (Resource child : resource.children) {
                apply(child, constraint);
            }
            return;
        }
        String source = "ticket " + ticket.id + " (" + constraint.id() + ")";
        boolean forPromoted = constraint.role() == Role.PROMOTED;
        if (ticket.granted || resource.active.isEmpty()) {
            if (!forPromoted || constraint.lossPolicy() == LossPolicy.STOP) {
                Scores.ban(resource, null, source);
            }
            return;
        }
        boolean roleMatches =
                constraint.role() == Role.UNKNOWN || constraint.role() == resource.role;
        switch (constraint.lossPolicy()) {
            case STOP -> Scores.ban(resource, null, source);
            case DEMOTE -> {
                if (!forPromoted) { // promotion is ruled out when roles are chosen
                    Scores.ban(resource, null, source);
                }
            }
            case FENCE -> {
                if (roleMatches) {
                    Scores.ban(resource, null, source);
                    for (Node node : resource.active) {
                        Fencing.fenceNode(resource.cluster, node, "deadman ticket was lost", false);
                    }
                }
            }
            case FREEZE -> {
                if (roleMatches) {
                    resource.managed = false;
                    resource.blocked = true;
                }
            }
        }
    }
}
