package io.holdfast.cib.verify;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every id of the configuration names one thing. Nodes are apart: their ids are the membership's.
 */
final class UniqueIds {
    private final Map<String, Element> seen = new HashMap<>(); // looked up, never iterated
    private final List<Finding> findings;

    private UniqueIds(List<Finding> findings) {
        this.findings = findings;
    }

    static void check(Cib cib, List<Finding> findings) {
        UniqueIds ids = new UniqueIds(findings);
        for (Element section : cib.configuration().children()) {
            if (!section.is(Section.NODES.elementName())) {
                section.visit(ids::add);
            }
        }
    }

    private void add(Element element) {
        String id = element.attribute("id");
        if (id == null || refersByItsId(element)) {
            return;
        }
        Element first = seen.putIfAbsent(id, element);
        if (first != null) {
            String where = first.line() > 0 ? " on line " + first.line() : "";
            findings.add(
                    Finding.error(
                            element,
                            "the id " + id + " is used twice",
                            "the element "
                                    + first.name()
                                    + where
                                    + " has it too, and what"
                                    + " refers to it could mean either",
                            "rename one of them"));
        }
    }

    static boolean refersByItsId(Element element) {
        return switch (element.name()) {
            case "resource_ref", "obj_ref", "role", "role_ref" -> true;
            default -> false;
        };
    }
}
