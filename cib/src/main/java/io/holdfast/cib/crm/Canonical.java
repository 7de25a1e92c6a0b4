package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * One form for what means the same: a primitive's parameters may stand before or behind its
 * operations, and {@code sequential=true} says what saying nothing says.
 */
final class Canonical {
    /** In these the order of different things among each other is part of what they say. */
    private static final Set<String> ORDERED = Set.of("resources", "constraints", "acls");

    /** These ids refer to something; all others but an object's own are mere names of parts. */
    private static final Set<String> REFERENCES =
            Set.of("resource_ref", "obj_ref", "role", Definition.MEMBER);

    private Canonical() {}

    /** With every id. */
    static Element exact(Element element) {
        return canonical(element, true, true);
    }

    /** With the object's own id, but not those of its parts. */
    static Element withoutPartIds(Element element) {
        return canonical(element, true, false);
    }

    private static Element canonical(Element element, boolean keepId, boolean keepPartIds) {
        Element result = element;
        if (!keepId && !REFERENCES.contains(element.name())) {
            result = result.withoutAttribute("id");
        }
        result = withoutDefault(result, "resource_set", "sequential", "true");
        result = withoutDefault(result, "resource_set", "require-all", "true");
        result = withoutDefault(result, "rule", "boolean-op", "and");
        List<Element> children = new ArrayList<>();
        for (Element child : result.children()) {
            if (!isEmptySection(element, child)) {
                children.add(canonical(child, keepPartIds, keepPartIds));
            }
        }
        if (!ORDERED.contains(element.name())) {
            children.sort(Comparator.comparing(Element::name));
        }
        return result.withChildren(children);
    }

    private static boolean isEmptySection(Element parent, Element child) {
        return parent.is("configuration") && child.children().isEmpty();
    }

    private static Element withoutDefault(
            Element element, String name, String attribute, String value) {
        return element.is(name) && value.equals(element.attribute(attribute))
                ? element.withoutAttribute(attribute)
                : element;
    }
}
