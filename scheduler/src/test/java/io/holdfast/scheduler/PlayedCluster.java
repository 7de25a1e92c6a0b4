package io.holdfast.scheduler;

import io.holdfast.cib.Cib;
import io.holdfast.cib.crm.CrmConfigure;
import io.holdfast.cib.crm.LoadMode;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.simulate.Simulation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A cluster whose transitions are played through, all actions succeeding. */
final class PlayedCluster {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Cib cib;
    private List<String> events = List.of();

    private PlayedCluster(Cib cib) {
        this.cib = cib;
    }

    /** A configuration as text, on nodes that are all there. */
    static PlayedCluster of(String configuration, String... nodes) {
        CrmConfigure.Loaded loaded =
                CrmConfigure.load(Cib.empty(), configuration, LoadMode.REPLACE);
        if (!loaded.isUsable()) {
            throw new AssertionError(loaded.findings());
        }
        Element.Builder status = Element.builder("status");
        for (String node : nodes) {
            String id = id(loaded.cib(), node);
            status.child(
                    Element.builder("node_state")
                            .attribute("id", id)
                            .attribute("uname", node)
                            .attribute("in_ccm", "true")
                            .attribute("crmd", "online")
                            .attribute("join", "member")
                            .attribute("expected", "member")
                            .child(
                                    Element.builder("transient_attributes")
                                            .attribute("id", id)
                                            .child(
                                                    Element.of(
                                                            "instance_attributes",
                                                            "id",
                                                            "status-" + id))
                                            .build())
                            .child(
                                    Element.builder("lrm")
                                            .attribute("id", id)
                                            .child(Element.of("lrm_resources"))
                                            .build())
                            .build());
        }
        Element root = loaded.cib().root().withAttribute("have-quorum", "1");
        return new PlayedCluster(new Cib(root.withOnlyChild(status.build())));
    }

    private static String id(Cib cib, String node) {
        return cib.configuration().childOrEmpty("nodes").children("node").stream()
                .filter(each -> node.equals(each.attribute("uname")))
                .map(Element::id)
                .findFirst()
                .orElseThrow();
    }

    /** Plays transitions until nothing is left to do; gives what was done, in order. */
    List<String> settle() {
        List<String> all = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            Transition transition = Scheduler.schedule(cib, NOW);
            if (transition.actions().isEmpty()) {
                events = all;
                return all;
            }
            Cluster cluster = Scheduler.status(cib.root(), NOW);
            Simulation.Result result =
                    Simulation.run(
                            cib.root(),
                            transition,
                            name -> cluster.resource(name) != null,
                            NOW.getEpochSecond());
            if (!result.complete()) {
                throw new AssertionError("the transition waits for itself: " + transition);
            }
            result.events().forEach(event -> all.add(event.line()));
            cib = new Cib(result.cib());
        }
        throw new AssertionError("never settles: " + Scheduler.schedule(cib, NOW).summary());
    }

    /** An attribute of a node that agents write, such as a promotion score. */
    void report(String node, String name, String value) {
        changeState(
                node,
                state -> {
                    Element attributes = state.childOrEmpty("transient_attributes");
                    Element set = attributes.childOrEmpty("instance_attributes");
                    return state.withOnlyChild(
                            attributes.withOnlyChild(set.withChildById(pair(set, name, value))));
                });
    }

    /** An attribute of a node in the configuration, such as {@code standby}. */
    void configure(String node, String name, String value) {
        String id = id(cib, node);
        Element nodes = cib.configuration().childOrEmpty("nodes");
        Element entry = nodes.child("node", id);
        Element set = entry.childOrEmpty("instance_attributes");
        Element named = set.has("id") ? set : set.withAttribute("id", "nodes-" + id);
        Element changed = entry.withOnlyChild(named.withChildById(pair(named, name, value)));
        Element configuration =
                cib.configuration().withOnlyChild(nodes.withChildReplaced(entry, changed));
        cib = new Cib(cib.root().withOnlyChild(configuration));
    }

    /** The node leaves without a word; what it knew is gone with it. */
    void fail(String node) {
        changeState(
                node,
                state ->
                        state.withChildren(List.of())
                                .withAttribute("in_ccm", "false")
                                .withAttribute("crmd", "offline")
                                .withAttribute("join", "down"));
    }

    /** The node is back, and nothing runs there. */
    void rejoin(String node) {
        changeState(
                node,
                state ->
                        state.withAttribute("in_ccm", "true")
                                .withAttribute("crmd", "online")
                                .withAttribute("join", "member")
                                .withAttribute("expected", "member")
                                .withChild(
                                        Element.builder("transient_attributes")
                                                .attribute("id", state.id())
                                                .child(
                                                        Element.of(
                                                                "instance_attributes",
                                                                "id",
                                                                "status-" + state.id()))
                                                .build()));
    }

    /** What is active on a node, with the role of what is promoted. */
    List<String> activeOn(String node) {
        Cluster cluster = Scheduler.status(cib.root(), NOW);
        List<String> active = new ArrayList<>();
        cluster.resources.forEach(resource -> addActive(resource, node, active));
        active.sort(null);
        return active;
    }

    private static void addActive(Resource resource, String node, List<String> active) {
        resource.children.forEach(child -> addActive(child, node, active));
        boolean here = resource.active.stream().anyMatch(each -> each.name.equals(node));
        if (resource.children.isEmpty() && here) {
            String name = resource.id.split(":", 2)[0];
            active.add(resource.role == Role.PROMOTED ? name + " promoted" : name);
        }
    }

    /** The place of an event among those of the last {@link #settle()}. */
    int at(String event) {
        int place = events.indexOf(event);
        if (place < 0) {
            throw new AssertionError("no " + event + " in " + String.join("\n", events));
        }
        return place;
    }

    Cib cib() {
        return cib;
    }

    private static Element pair(Element set, String name, String value) {
        return Element.of("nvpair", "id", set.id() + "-" + name, "name", name, "value", value);
    }

    private void changeState(String node, UnaryOperator<Element> change) {
        Element status = cib.root().childOrEmpty("status");
        Element state =
                status.children("node_state").stream()
                        .filter(each -> node.equals(each.attribute("uname")))
                        .findFirst()
                        .orElseThrow();
        cib =
                new Cib(
                        cib.root()
                                .withOnlyChild(
                                        status.withChildReplaced(state, change.apply(state))));
    }
}
