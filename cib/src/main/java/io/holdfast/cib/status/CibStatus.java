package io.holdfast.cib.status;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the status section. Each gives a new CIB; the version is the caller's to raise. Cost
 * is one copy of the path to what changes, so it does not grow with the history of other nodes.
 *
 * <pre>
 * status
 * +- node_state (one a node)
 * |  +- transient_attributes/instance_attributes/nvpair    withTransientAttribute
 * |  +- lrm/lrm_resources/lrm_resource/lrm_rsc_op          withOperation
 * +- tickets/ticket_state                                  withTicket
 * </pre>
 */
public final class CibStatus {
    private CibStatus() {}

    /** Sets what is known of a node; its attributes and history stay. */
    public static Cib withNodeState(Cib cib, NodeState state) {
        return withNode(
                cib,
                state.node(),
                node ->
                        node.withAttribute("in_ccm", Long.toString(state.memberSinceSeconds()))
                                .withAttribute("crmd", Long.toString(state.onlineSinceSeconds()))
                                .withAttribute("join", state.join().text())
                                .withAttribute(
                                        "expected", state.expectedMember() ? "member" : "down"));
    }

    /** Records an operation in a node's history, replacing what it replaces. */
    public static Cib withOperation(Cib cib, String node, OperationRecord operation) {
        return withHistory(cib, node, lrm -> OperationHistory.with(lrm, node, operation));
    }

    /** Forgets one recurring operation, as when its monitor has been cancelled. */
    public static Cib withoutRecurring(
            Cib cib, String node, String resource, String task, long intervalMillis) {
        String id = OperationRecord.operationKey(resource, task, intervalMillis);
        return withExistingHistory(
                cib, node, resource, history -> without(history, "lrm_rsc_op", id));
    }

    /**
     * Forgets a failure of an operation of this resource on this node (a cleanup of one failure).
     */
    public static Cib withoutLastFailure(Cib cib, String node, String resource) {
        String id = OperationHistory.lastFailureId(resource);
        return withExistingHistory(
                cib, node, resource, history -> without(history, "lrm_rsc_op", id));
    }

    /** Forgets everything a node ever did with a resource; it will be probed again. */
    public static Cib withoutResourceHistory(Cib cib, String node, String resource) {
        return withExistingHistory(cib, node, resource, history -> null);
    }

    /** Forgets a node's history and its transient attributes, as when it has left or was fenced. */
    public static Cib withoutHistory(Cib cib, String node) {
        Element state = nodeState(cib, node);
        if (state == null) {
            return cib;
        }
        Element forgotten = state;
        for (Element child : state.children()) {
            if (child.is("lrm") || child.is("transient_attributes")) {
                forgotten = forgotten.withoutChild(child);
            }
        }
        Element replaced = cib.status().withChildReplaced(state, forgotten);
        return cib.withSection(Section.STATUS, replaced);
    }

    /** Removes all that the status knows of a node. */
    public static Cib withoutNode(Cib cib, String node) {
        Element state = nodeState(cib, node);
        return state == null
                ? cib
                : cib.withSection(Section.STATUS, cib.status().withoutChild(state));
    }

    /**
     * Sets an attribute that lasts until the node leaves: promotion scores ({@code
     * master-RESOURCE}), fail counts, connectivity, shutdown.
     */
    public static Cib withTransientAttribute(Cib cib, String node, String name, String value) {
        return withNode(
                cib,
                node,
                state -> {
                    String id = state.id();
                    Element transients = childOr(state, "transient_attributes", "id", id);
                    Element set = childOr(transients, "instance_attributes", "id", "status-" + id);
                    Element pair = pairNamed(set, name);
                    Element changed =
                            pair == null
                                    ? set.withChild(
                                            Element.of(
                                                    "nvpair",
                                                    "id",
                                                    "status-" + id + "-" + xmlId(name),
                                                    "name",
                                                    name,
                                                    "value",
                                                    value))
                                    : set.withChildReplaced(
                                            pair, pair.withAttribute("value", value));
                    return state.withOnlyChild(transients.withOnlyChild(changed));
                });
    }

    public static Cib withoutTransientAttribute(Cib cib, String node, String name) {
        Element state = nodeState(cib, node);
        Element transients = state == null ? null : state.child("transient_attributes");
        if (state == null || transients == null) {
            return cib;
        }
        Element changed = transients;
        for (Element set : transients.children("instance_attributes")) {
            Element pair = pairNamed(set, name);
            if (pair != null) {
                changed = changed.withChildReplaced(set, set.withoutChild(pair));
            }
        }
        Element replaced = state.withChildReplaced(transients, changed);
        return cib.withSection(Section.STATUS, cib.status().withChildReplaced(state, replaced));
    }

    /** A transient attribute's value, or null. */
    public static @Nullable String transientAttribute(Cib cib, String node, String name) {
        Element state = nodeState(cib, node);
        if (state == null) {
            return null;
        }
        for (Element set :
                state.childOrEmpty("transient_attributes").children("instance_attributes")) {
            Element pair = pairNamed(set, name);
            if (pair != null) {
                return pair.attribute("value");
            }
        }
        return null;
    }

    /** Grants or revokes a ticket. */
    public static Cib withTicket(Cib cib, String ticket, boolean granted, long nowSeconds) {
        return cib.withSection(
                Section.STATUS,
                status -> {
                    Element tickets = status.childOrEmpty("tickets");
                    Element known = tickets.child("ticket_state", ticket);
                    Element state =
                            known == null ? Element.of("ticket_state", "id", ticket) : known;
                    state = state.withAttribute("granted", Boolean.toString(granted));
                    if (granted) {
                        state = state.withAttribute("last-granted", Long.toString(nowSeconds));
                    }
                    return status.withOnlyChild(tickets.withChildById(state));
                });
    }

    /** What the status says of a node by name, or null. */
    public static @Nullable Element nodeState(Cib cib, String node) {
        for (Element state : cib.status().children()) {
            if (state.is("node_state") && node.equals(state.attribute("uname"))) {
                return state;
            }
        }
        return null;
    }

    private static Cib withNode(Cib cib, String node, UnaryOperator<Element> change) {
        Element known = nodeState(cib, node);
        Element status = cib.status();
        Element changed =
                known == null
                        ? status.withChild(change.apply(newNodeState(cib, node)))
                        : status.withChildReplaced(known, change.apply(known));
        return cib.withSection(Section.STATUS, changed);
    }

    /** A node's id is what the nodes section says; a node it does not list goes by its name. */
    private static Element newNodeState(Cib cib, String node) {
        String id = node;
        for (Element listed : cib.nodes().children("node")) {
            if (node.equals(listed.attribute("uname"))) {
                id = listed.attribute("id", node);
            }
        }
        return Element.of("node_state", "id", id, "uname", node);
    }

    private static Cib withHistory(Cib cib, String node, UnaryOperator<Element> change) {
        return withNode(
                cib,
                node,
                state -> {
                    Element lrm = childOr(state, "lrm", "id", state.id());
                    Element resources = lrm.childOrEmpty("lrm_resources");
                    return state.withOnlyChild(lrm.withOnlyChild(change.apply(resources)));
                });
    }

    private interface HistoryChange {
        /** The changed lrm_resource, or null to remove it. */
        @Nullable Element apply(Element history);
    }

    private static Cib withExistingHistory(
            Cib cib, String node, String resource, HistoryChange change) {
        Element state = nodeState(cib, node);
        Element history =
                state == null
                        ? null
                        : state.childOrEmpty("lrm")
                                .childOrEmpty("lrm_resources")
                                .child("lrm_resource", resource);
        if (history == null) {
            return cib;
        }
        return withHistory(
                cib,
                node,
                resources -> {
                    Element changed = change.apply(history);
                    return changed == null
                            ? resources.withoutChild(history)
                            : resources.withChildReplaced(history, changed);
                });
    }

    private static Element without(Element parent, String name, String id) {
        Element child = parent.child(name, id);
        return child == null ? parent : parent.withoutChild(child);
    }

    private static Element childOr(Element parent, String name, String attribute, String value) {
        Element child = parent.child(name);
        return child == null ? Element.of(name, attribute, value) : child;
    }

    private static @Nullable Element pairNamed(Element set, String name) {
        for (Element pair : set.children()) {
            if (pair.is("nvpair") && name.equals(pair.attribute("name"))) {
                return pair;
            }
        }
        return null;
    }

    /** Attribute names may hold what an XML id may not ({@code #}, {@code :}). */
    private static String xmlId(String name) {
        StringBuilder id = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            id.append(Character.isLetterOrDigit(c) || c == '-' || c == '_' ? c : '.');
        }
        return id.toString();
    }
}
