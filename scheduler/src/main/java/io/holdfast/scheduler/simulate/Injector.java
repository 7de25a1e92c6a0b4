package io.holdfast.scheduler.simulate;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Transition.Target;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts made-up events into a CIB. */
public final class Injector {
    /**
     * The outcome.
     *
     * @param events what was changed
     */
    public record Result(Element cib, List<Event> events) {}

    private final Cluster cluster;
    private final long now;
    private final List<Event> events = new ArrayList<>();
    private Element cib;

    private Injector(Cluster cluster, long now) {
        this.cluster = cluster;
        this.now = now;
        this.cib = cluster.cib;
    }

    /**
     * Changes a CIB.
     *
     * @param cluster its present state
     */
    public static Result apply(Cluster cluster, Injections injections, long now) {
        Injector injector = new Injector(cluster, now);
        injector.settings(injections);
        injections.nodesUp().forEach(injector::up);
        injections.nodesDown().forEach(injector::down);
        injections.nodesFailed().forEach(injector::fail);
        injections.ticketsGranted().forEach(id -> injector.ticket("Granting", id, "granted", true));
        injections
                .ticketsRevoked()
                .forEach(id -> injector.ticket("Revoking", id, "granted", false));
        injections.ticketsStandby().forEach(id -> injector.ticket("Making", id, "standby", true));
        injections
                .ticketsActivated()
                .forEach(id -> injector.ticket("Activating", id, "standby", false));
        injections.operations().forEach(injector::operation);
        return new Result(injector.cib, injector.events);
    }

    private void say(String line) {
        events.add(new Event.Modified(line));
    }

    private void settings(Injections injections) {
        if (injections.quorum() != null) {
            say("Setting quorum: " + injections.quorum());
            cib = cib.withAttribute("have-quorum", injections.quorum());
        }
        if (injections.watchdog() != null) {
            say("Setting watchdog: " + injections.watchdog());
            Element configuration = cib.childOrEmpty("configuration");
            Element options = configuration.childOrEmpty("crm_config");
            Element set = options.child("cluster_property_set");
            if (set == null) {
                set = Element.of("cluster_property_set", "id", "cib-bootstrap-options");
            }
            List<Element> pairs = new ArrayList<>(set.children());
            pairs.removeIf(pair -> "have-watchdog".equals(pair.attribute("name")));
            pairs.add(
                    Element.of(
                            "nvpair",
                            "id",
                            set.id() + "-have-watchdog",
                            "name",
                            "have-watchdog",
                            "value",
                            injections.watchdog()));
            Element changed = NodeStates.putChild(options, set.withChildren(pairs));
            cib = cib.withOnlyChild(configuration.withOnlyChild(changed));
        }
    }

    private void up(String node) {
        say("Bringing node " + node + " online");
        cib = NodeStates.put(cib, online(state(node)));
    }

    private void down(String node) {
        say("Taking node " + node + " offline");
        Element bare =
                NodeStates.without(NodeStates.without(state(node), "lrm"), "transient_attributes");
        cib =
                NodeStates.put(
                        cib,
                        bare.withAttribute("in_ccm", "false")
                                .withAttribute("crmd", "offline")
                                .withAttribute("join", "down")
                                .withAttribute("expected", "down"));
    }

    private void fail(String node) {
        say("Failing node " + node);
        cib = NodeStates.put(cib, online(state(node)).withAttribute("in_ccm", "false"));
    }

    private static Element online(Element state) {
        return state.withAttribute("in_ccm", "true")
                .withAttribute("crmd", "online")
                .withAttribute("join", "member")
                .withAttribute("expected", "member");
    }

    private Element state(String name) {
        Node known = cluster.node(name);
        return NodeStates.find(cib, name, known == null ? null : known.id);
    }

    private void ticket(String verb, String id, String attribute, boolean value) {
        say(verb + " ticket " + id + (verb.equals("Making") ? " standby" : ""));
        Element status = cib.childOrEmpty("status");
        Element tickets = status.childOrEmpty("tickets");
        Element state = tickets.child("ticket_state", id);
        if (state == null) {
            state = Element.of("ticket_state", "id", id);
        }
        Element changed =
                NodeStates.putChild(
                        tickets, state.withAttribute(attribute, Boolean.toString(value)));
        cib = cib.withOnlyChild(status.withOnlyChild(changed));
    }

    private void operation(OperationResult result) {
        say("Injecting " + result + " into the configuration");
        Resource resource = cluster.resource(result.resource());
        if (resource == null) {
            say("Invalid resource name: " + result.resource());
            return;
        }
        Element state =
                HistoryEntries.countFailure(
                        state(result.node()), result, cluster.startFailureFatal, now, events);
        Element history = NodeStates.resource(state, result.resource(), target(resource));
        Element updated =
                HistoryEntries.withMadeUp(
                        history, result, 0, 0, null, "Simulated action result", now);
        cib = NodeStates.put(cib, NodeStates.putResource(state, updated));
    }

    private static Target target(Resource resource) {
        return new Target(
                "primitive",
                resource.historyId == null ? resource.id : resource.historyId,
                null,
                attribute(resource, "class"),
                attribute(resource, "provider"),
                attribute(resource, "type"));
    }

    private static @Nullable String attribute(Resource resource, String name) {
        return resource.xml.attribute(name);
    }
}
