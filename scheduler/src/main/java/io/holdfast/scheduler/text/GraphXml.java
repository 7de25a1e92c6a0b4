package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Transition;
import io.holdfast.scheduler.Transition.Step;
import java.util.HashMap;
import java.util.Map;

/** A transition as the XML that the tools of the cluster know. */
public final class GraphXml {
    private GraphXml() {}

    public static Element of(Transition transition) {
        Element.Builder graph = Element.builder("transition_graph");
        transition.settings().forEach(graph::attribute);
        Map<Integer, Step> byId = new HashMap<>();
        for (Step step : transition.actions()) {
            byId.put(step.id(), step);
        }
        int number = 0;
        for (Step step : transition.actions()) {
            Element.Builder synapse =
                    Element.builder("synapse").attribute("id", Integer.toString(number++));
            if (step.priority() > 0) {
                synapse.attribute("priority", Integer.toString(step.priority()));
            }
            synapse.child(Element.builder("action_set").child(action(step)).build());
            Element.Builder inputs = Element.builder("inputs");
            for (int input : step.inputs()) {
                Step before = byId.get(input);
                if (before != null) {
                    inputs.child(
                            Element.builder("trigger").child(reference(before).build()).build());
                }
            }
            graph.child(synapse.child(inputs.build()).build());
        }
        return graph.build();
    }

    private static Element.Builder reference(Step step) {
        return Element.builder(step.kind().element())
                .optional("mode", step.mode())
                .attribute("id", Integer.toString(step.id()))
                .attribute("operation", step.task())
                .attribute("operation_key", step.key())
                .optional("internal_operation_key", step.internalKey())
                .optional("on_node", step.node())
                .optional("on_node_uuid", step.nodeId())
                .optional("router_node", step.router());
    }

    private static Element action(Step step) {
        Element.Builder action = reference(step);
        if (step.shutdownLock() != 0) {
            action.attribute("shutdown-lock", Long.toString(step.shutdownLock()));
        }
        Transition.Target target = step.resource();
        if (target != null) {
            action.child(
                    Element.builder(target.kind())
                            .attribute("id", target.id())
                            .optional("long-id", target.longId())
                            .optional("class", target.agentClass())
                            .optional("provider", target.provider())
                            .optional("type", target.type())
                            .build());
        }
        action.child(attributes(step));
        if (!step.downed().isEmpty()) {
            Element.Builder downed = Element.builder("downed");
            for (String id : step.downed()) {
                downed.child(Element.of("node", "id", id));
            }
            action.child(downed.build());
        }
        if (!step.maintenance().isEmpty()) {
            Element.Builder maintenance = Element.builder("maintenance");
            step.maintenance()
                    .forEach(
                            (id, on) ->
                                    maintenance.child(
                                            Element.of(
                                                    "node",
                                                    "id",
                                                    id,
                                                    "maintenance",
                                                    on ? "1" : "0")));
            action.child(maintenance.build());
        }
        return action.build();
    }

    private static Element attributes(Step step) {
        Element.Builder attributes = Element.builder("attributes");
        step.attributes()
                .forEach(
                        (name, value) -> {
                            if (Character.isDigit(name.charAt(0))) {
                                // XML does not allow such names for attributes
                                attributes.child(Element.of("param", "name", name, "value", value));
                            } else {
                                attributes.attribute(name, value);
                            }
                        });
        return attributes.build();
    }
}
