package io.holdfast.scheduler.fuzz;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;

/**
 * A resource of the top level.
 *
 * @param members the primitives in it: itself, a group's, or the one of a clone
 * @param cloned whether it runs on several nodes at once
 * @param promotable whether its instances have a second role
 * @param unique whether each instance of the clone has a name of its own
 */
record RandomResource(
        String id,
        Element element,
        List<String> members,
        boolean cloned,
        boolean promotable,
        boolean unique) {

    static RandomResource draw(Draw draw, int number) {
        int kind = draw.between(1, 100);
        if (kind <= 50) {
            return primitive(draw, number);
        }
        if (kind <= 70) {
            return group(draw, "g" + number);
        }
        return clone(draw, "c" + number, kind > 85);
    }

    private static RandomResource primitive(Draw draw, int number) {
        String id = "p" + number;
        Element element = primitiveElement(draw, id, false, true);
        return new RandomResource(id, element, List.of(id), false, false, false);
    }

    private static RandomResource group(Draw draw, String id) {
        Element.Builder group = Element.builder("group").attribute("id", id);
        group.child(meta(id, metaPairs(draw, false)));
        List<String> members = addMembers(draw, group, id);
        return new RandomResource(id, group.build(), members, false, false, false);
    }

    private static RandomResource clone(Draw draw, String id, boolean promotable) {
        Element.Builder clone = Element.builder("clone").attribute("id", id);
        List<String[]> pairs = metaPairs(draw, promotable);
        boolean ofGroup = !promotable && draw.percent(30);
        boolean unique = !promotable && !ofGroup && draw.percent(15);
        if (promotable) {
            pairs.add(new String[] {"promotable", "true"});
            maybe(draw, 20, pairs, "promoted-max", "2");
        }
        if (unique) {
            pairs.add(new String[] {"globally-unique", "true"});
            maybe(draw, 60, pairs, "clone-node-max", "2");
        }
        maybe(draw, 30, pairs, "clone-max", draw.of("1", "2", "3"));
        maybe(draw, 50, pairs, "interleave", "true");
        maybe(draw, 20, pairs, "ordered", "true");
        maybe(draw, 30, pairs, "notify", "true");
        clone.child(meta(id, pairs));
        List<String> members;
        if (ofGroup) {
            Element.Builder group = Element.builder("group").attribute("id", id + "g");
            members = addMembers(draw, group, id + "g");
            clone.child(group.build());
        } else {
            members = List.of(id + "p");
            clone.child(primitiveElement(draw, id + "p", promotable, false));
        }
        return new RandomResource(id, clone.build(), members, true, promotable, unique);
    }

    private static List<String> addMembers(Draw draw, Element.Builder group, String id) {
        List<String> members = new ArrayList<>();
        int size = draw.between(1, 3);
        for (int i = 1; i <= size; i++) {
            members.add(id + "m" + i);
            group.child(primitiveElement(draw, id + "m" + i, false, false));
        }
        return members;
    }

    private static Element primitiveElement(
            Draw draw, String id, boolean promotable, boolean alone) {
        Element.Builder primitive =
                Element.builder("primitive")
                        .attribute("id", id)
                        .attribute("class", "ocf")
                        .attribute("provider", "pacemaker")
                        .attribute("type", promotable ? "Stateful" : "Dummy");
        List<String[]> pairs = alone ? metaPairs(draw, false) : new ArrayList<>();
        if (alone) {
            maybe(draw, 15, pairs, "allow-migrate", "true");
            maybe(draw, 5, pairs, "multiple-active", draw.of("stop_only", "block"));
        }
        maybe(draw, alone ? 0 : 10, pairs, "migration-threshold", draw.of("1", "2"));
        if (!pairs.isEmpty()) {
            primitive.child(meta(id, pairs));
        }
        Element.Builder operations = Element.builder("operations");
        if (promotable) {
            operations.child(operation(draw, id, "10", "Promoted"));
            operations.child(operation(draw, id, "11", "Unpromoted"));
        } else {
            operations.child(operation(draw, id, "10", ""));
        }
        return primitive.child(operations.build()).build();
    }

    private static Element operation(Draw draw, String id, String seconds, String role) {
        Element monitor =
                Element.of(
                        "op",
                        "id",
                        id + "-mon" + seconds,
                        "name",
                        "monitor",
                        "interval",
                        seconds + "s");
        if (!role.isEmpty()) {
            monitor = monitor.withAttribute("role", role);
        }
        return draw.percent(15)
                ? monitor.withAttribute("on-fail", draw.of("ignore", "block", "stop", "restart"))
                : monitor;
    }

    private static List<String[]> metaPairs(Draw draw, boolean promotable) {
        List<String[]> pairs = new ArrayList<>();
        maybe(draw, 12, pairs, "target-role", draw.of("Started", "Stopped"));
        maybe(draw, promotable ? 15 : 0, pairs, "target-role", draw.of("Unpromoted", "Promoted"));
        maybe(draw, 5, pairs, "is-managed", "false");
        maybe(draw, 20, pairs, "resource-stickiness", draw.of("0", "10", "200", "INFINITY"));
        maybe(draw, 10, pairs, "priority", draw.of("1", "10"));
        maybe(draw, 15, pairs, "migration-threshold", draw.of("1", "2", "3"));
        maybe(draw, 8, pairs, "failure-timeout", draw.of("60s", "1h"));
        return pairs;
    }

    private static void maybe(
            Draw draw, int chance, List<String[]> pairs, String name, String value) {
        if (draw.percent(chance) && pairs.stream().noneMatch(pair -> pair[0].equals(name))) {
            pairs.add(new String[] {name, value});
        }
    }

    private static Element meta(String id, List<String[]> pairs) {
        Element.Builder set = Element.builder("meta_attributes").attribute("id", id + "-meta");
        for (String[] pair : pairs) {
            set.child(
                    Element.of(
                            "nvpair",
                            "id",
                            id + "-meta-" + pair[0],
                            "name",
                            pair[0],
                            "value",
                            pair[1]));
        }
        return set.build();
    }
}
