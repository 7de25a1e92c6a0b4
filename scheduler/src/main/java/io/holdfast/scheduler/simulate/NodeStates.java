package io.holdfast.scheduler.simulate;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Transition.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and replaces what a CIB says about nodes and their histories. */
final class NodeStates {
    private NodeStates() {}

    /** The state of a node; a new one when there is none. */
    static Element find(Element cib, String name, @Nullable String id) {
        List<Element> states = cib.childOrEmpty("status").children("node_state");
        for (Element state : states) {
            if (name.equals(state.attribute("uname"))) {
                return state;
            }
        }
        String wanted = id == null ? name : id;
        for (Element state : states) {
            if (state.id().equals(wanted)) {
                return state.withAttribute("uname", name);
            }
        }
        return Element.of("node_state", "id", wanted, "uname", name);
    }

    /** The CIB with a node's state replaced or added. */
    static Element put(Element cib, Element state) {
        Element status = cib.childOrEmpty("status");
        Element updated = status.withChildren(replaced(status.children(), state));
        List<Element> sections = new ArrayList<>();
        boolean found = false;
        for (Element section : cib.children()) {
            boolean here = section.is("status");
            found |= here;
            sections.add(here ? updated : section);
        }
        if (!found) {
            sections.add(Element.builder("status").child(state).build());
        }
        return cib.withChildren(sections);
    }

    private static List<Element> replaced(List<Element> elements, Element replacement) {
        List<Element> all = new ArrayList<>(elements.size() + 1);
        boolean found = false;
        for (Element element : elements) {
            boolean same =
                    !found
                            && element.name().equals(replacement.name())
                            && element.id().equals(replacement.id());
            found |= same;
            all.add(same ? replacement : element);
        }
        if (!found) {
            all.add(replacement);
        }
        return all;
    }

    static Element without(Element state, String child) {
        return state.withChildren(
                state.children().stream().filter(each -> !each.is(child)).toList());
    }

    /** The history of a resource under the name it has here, or an empty one. */
    static Element resource(Element state, String name, Target target) {
        Element resources = state.childOrEmpty("lrm").childOrEmpty("lrm_resources");
        for (String candidate : List.of(name, target.id())) {
            for (Element known : resources.children("lrm_resource")) {
                if (known.id().equals(candidate)) {
                    return known;
                }
            }
        }
        return Element.builder("lrm_resource")
                .attribute("id", target.id())
                .optional("class", target.agentClass())
                .optional("provider", target.provider())
                .optional("type", target.type())
                .build();
    }

    static Element putChild(Element parent, Element child) {
        return parent.withChildren(replaced(parent.children(), child));
    }

    static Element putResource(Element state, Element history) {
        Element lrm = state.child("lrm");
        if (lrm == null) {
            lrm = Element.of("lrm", "id", state.id());
        }
        Element resources = lrm.childOrEmpty("lrm_resources");
        Element updated = putChild(resources, history);
        List<Element> inner = new ArrayList<>();
        boolean found = false;
        for (Element each : lrm.children()) {
            boolean here = each.is("lrm_resources");
            found |= here;
            inner.add(here ? updated : each);
        }
        if (!found) {
            inner.add(updated);
        }
        Element whole = lrm.withChildren(inner);
        List<Element> outer = new ArrayList<>();
        boolean hasLrm = false;
        for (Element each : state.children()) {
            boolean here = each.is("lrm");
            hasLrm |= here;
            outer.add(here ? whole : each);
        }
        if (!hasLrm) {
            outer.add(whole);
        }
        return state.withChildren(outer);
    }
}
