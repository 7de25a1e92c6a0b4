package io.holdfast.scheduler.fuzz;

import io.holdfast.cib.xml.Element;
import java.util.List;

/** Locations, colocations and orderings between the resources of the top level. */
final class RandomConstraint {
    private final Draw draw;
    private final List<RandomResource> resources;
    private final int nodes;

    RandomConstraint(Draw draw, List<RandomResource> resources, int nodes) {
        this.draw = draw;
        this.resources = resources;
        this.nodes = nodes;
    }

    Element draw(int number) {
        return switch (draw.between(1, 6)) {
            case 1, 2 -> location("l" + number);
            case 3 -> draw.percent(50) ? ruleLocation("l" + number) : location("l" + number);
            case 4 -> colocation("k" + number);
            case 5 -> order("o" + number);
            default -> draw.percent(70) ? colocation("k" + number) : set("s" + number);
        };
    }

    private Element location(String id) {
        RandomResource resource = draw.of(resources);
        Element location =
                Element.of(
                        "rsc_location",
                        "id",
                        id,
                        "rsc",
                        resource.id(),
                        "node",
                        node(),
                        "score",
                        score());
        return resource.promotable() && draw.percent(30)
                ? location.withAttribute("role", "Promoted")
                : location;
    }

    private Element ruleLocation(String id) {
        Element expression =
                Element.of(
                        "expression",
                        "id",
                        id + "-e",
                        "attribute",
                        "#uname",
                        "operation",
                        draw.of("eq", "ne"),
                        "value",
                        node());
        Element rule = Element.of("rule", "id", id + "-r", "score", score()).withChild(expression);
        return Element.of("rsc_location", "id", id, "rsc", draw.of(resources).id()).withChild(rule);
    }

    private Element colocation(String id) {
        RandomResource dependent = draw.of(resources);
        RandomResource primary = draw.of(resources);
        if (dependent == primary) {
            return location(id);
        }
        Element colocation =
                Element.of(
                        "rsc_colocation",
                        "id",
                        id,
                        "rsc",
                        dependent.id(),
                        "with-rsc",
                        primary.id(),
                        "score",
                        draw.of("INFINITY", "INFINITY", "-INFINITY", "100", "-100", "500"));
        return primary.promotable() && draw.percent(50)
                ? colocation.withAttribute("with-rsc-role", "Promoted")
                : colocation;
    }

    private Element order(String id) {
        RandomResource first = draw.of(resources);
        RandomResource then = draw.of(resources);
        if (first == then) {
            return location(id);
        }
        Element order =
                Element.of("rsc_order", "id", id, "first", first.id(), "then", then.id())
                        .withAttribute("kind", draw.of("Mandatory", "Mandatory", "Optional"));
        if (first.promotable() && draw.percent(50)) {
            order = order.withAttribute("first-action", "promote");
            order = order.withAttribute("then-action", "start");
        }
        return draw.percent(15) ? order.withAttribute("symmetrical", "false") : order;
    }

    /** One set of two resources, colocated or ordered. */
    private Element set(String id) {
        RandomResource first = draw.of(resources);
        RandomResource second = draw.of(resources);
        if (first == second) {
            return location(id);
        }
        Element set =
                Element.of("resource_set", "id", id + "-set")
                        .withChild(Element.of("resource_ref", "id", first.id()))
                        .withChild(Element.of("resource_ref", "id", second.id()));
        return draw.percent(50)
                ? Element.of("rsc_colocation", "id", id, "score", "INFINITY").withChild(set)
                : Element.of("rsc_order", "id", id, "kind", "Mandatory").withChild(set);
    }

    private String node() {
        return "n" + draw.between(1, nodes);
    }

    private String score() {
        return draw.of("INFINITY", "-INFINITY", "100", "-100", "50", "1");
    }
}
