package io.holdfast.scheduler.reference;

import io.holdfast.cib.xml.Element;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A transition graph without its numbers: what is equal here is the same actions with the same
 * attributes in the same order of execution.
 */
record ComparableGraph(Map<String, String> settings, SortedMap<String, Action> actions) {
    /** Left out: what depends on the machine and what only tells a version. */
    private static final Set<String> IGNORED = Set.of("id", "batch-limit", "crm_feature_set");

    record Action(
            SortedMap<String, String> attributes,
            String priority,
            SortedSet<String> parts,
            SortedSet<String> inputs) {}

    static ComparableGraph of(Element graph) {
        SortedMap<String, Action> actions = new TreeMap<>();
        for (Element synapse : graph.children("synapse")) {
            Element action = synapse.childOrEmpty("action_set").children().get(0);
            SortedSet<String> parts = new TreeSet<>();
            action.children().forEach(part -> addPart(part, "", parts));
            SortedSet<String> inputs = new TreeSet<>();
            synapse.childOrEmpty("inputs")
                    .children("trigger")
                    .forEach(trigger -> inputs.add(name(trigger.children().get(0))));
            String unique = name(action);
            while (actions.containsKey(unique)) {
                unique += "+";
            }
            actions.put(
                    unique,
                    new Action(
                            attributes(action), synapse.attribute("priority", "0"), parts, inputs));
        }
        return new ComparableGraph(attributes(graph), actions);
    }

    private static void addPart(Element part, String above, SortedSet<String> parts) {
        String path = above + "/" + part.name();
        parts.add(path + attributes(part));
        part.children().forEach(child -> addPart(child, path, parts));
    }

    private static String name(Element action) {
        return action.name()
                + " "
                + action.attribute("operation")
                + " "
                + action.attribute("internal_operation_key", action.attribute("operation_key", ""))
                + " "
                + action.attribute("on_node", "-");
    }

    private static SortedMap<String, String> attributes(Element element) {
        SortedMap<String, String> attributes = new TreeMap<>();
        element.attributes().stream()
                .filter(attribute -> !IGNORED.contains(attribute.name()))
                .forEach(attribute -> attributes.put(attribute.name(), attribute.value()));
        return attributes;
    }
}
