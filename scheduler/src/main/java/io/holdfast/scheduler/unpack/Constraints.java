package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the constraints; templates and tags in them become sets of resources first. */
public final class Constraints {
    private Constraints() {}

    public static void unpack(Cluster cluster) {
        Element section = cluster.cib.childOrEmpty("configuration").childOrEmpty("constraints");
        for (Element constraint : section.children()) {
            if (constraint.id().isEmpty() || !isInForce(cluster, constraint)) {
                continue;
            }
            switch (constraint.name()) {
                case "rsc_order" -> OrderConstraints.unpack(cluster, constraint);
                case "rsc_colocation" -> ColocationConstraints.unpack(cluster, constraint);
                case "rsc_location" -> LocationConstraints.unpack(cluster, constraint);
                case "rsc_ticket" -> TicketConstraints.unpack(cluster, constraint);
                default -> {}
            }
        }
    }

    private static boolean isInForce(Cluster cluster, Element constraint) {
        Element lifetime = constraint.child("lifetime");
        return lifetime == null || Rules.anyHolds(lifetime, Rules.Input.of(cluster));
    }

    /** The resource a constraint names; of an instance known by that name, the whole clone. */
    static @Nullable Resource resource(Cluster cluster, @Nullable String id) {
        Resource found = cluster.resource(id);
        return found == null || found.id.equals(id) ? found : found.top();
    }

    /** What a template or tag stands for; null when the name is neither. */
    static @Nullable List<String> references(Cluster cluster, @Nullable String id) {
        if (id == null) {
            return null;
        }
        List<String> template = cluster.templates.get(id);
        return template != null ? template : cluster.tags.get(id);
    }

    /** The resource sets of a constraint, references followed and tags in them written out. */
    static List<Element> sets(Cluster cluster, Element constraint) {
        List<Element> sets = new ArrayList<>();
        for (Element reference : constraint.children("resource_set")) {
            Element set = cluster.resolve(reference);
            if (set == null) {
                return List.of();
            }
            sets.add(expandTags(cluster, set));
        }
        return sets;
    }

    private static Element expandTags(Cluster cluster, Element set) {
        List<Element> expanded = new ArrayList<>();
        for (Element reference : set.children("resource_ref")) {
            List<String> ids =
                    resource(cluster, reference.id()) != null
                            ? null
                            : references(cluster, reference.id());
            if (ids == null) {
                expanded.add(reference);
            } else {
                for (String id : ids) {
                    expanded.add(Element.of("resource_ref", "id", id));
                }
            }
        }
        return set.withChildren(expanded);
    }

    /** Whether a name in a constraint is a template or tag. */
    static boolean isTag(Cluster cluster, @Nullable String id) {
        return id != null && resource(cluster, id) == null && references(cluster, id) != null;
    }

    /**
     * A set for one side of a constraint: the members of a tag, unordered, or the one resource.
     *
     * @param option what the side's action or role is called in a set, or null
     */
    static Element sideAsSet(
            Cluster cluster, String id, @Nullable String option, @Nullable String value) {
        Element.Builder set = Element.builder("resource_set").attribute("id", id);
        if (option != null) {
            set.optional(option, value);
        }
        List<String> references = isTag(cluster, id) ? references(cluster, id) : null;
        if (references == null) {
            return set.child(Element.of("resource_ref", "id", id)).build();
        }
        set.attribute("sequential", "false");
        for (String reference : references) {
            set.child(Element.of("resource_ref", "id", reference));
        }
        return set.build();
    }

    /** The resources of a set, or null when one of them does not exist. */
    static @Nullable List<Resource> members(Cluster cluster, Element set) {
        List<Resource> members = new ArrayList<>();
        for (Element reference : set.children("resource_ref")) {
            Resource member = resource(cluster, reference.id());
            if (member == null) {
                return null;
            }
            members.add(member);
        }
        return members;
    }

    /** An instance of a clone by its number, when a constraint asks for one. */
    static @Nullable Resource instance(
            Cluster cluster, @Nullable Resource resource, @Nullable String number) {
        if (number == null || resource == null) {
            return resource;
        }
        if (!(resource instanceof io.holdfast.scheduler.model.Clone clone)
                || clone.instanceXml == null) {
            return null;
        }
        return cluster.resource(clone.instanceXml.id() + ":" + number);
    }

    static boolean explicitlyTrue(Element element, String attribute) {
        return Values.isTrue(element.attribute(attribute));
    }

    static boolean trueByDefault(Element element, String attribute) {
        return !Boolean.FALSE.equals(Values.bool(element.attribute(attribute)));
    }
}
