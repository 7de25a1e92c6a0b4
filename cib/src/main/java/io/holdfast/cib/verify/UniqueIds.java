package io.holdfast.cib.verify;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
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
        cib.configuration().visit(ids::add);
        ids.checkNames(cib.nodes().children("node"), "uname", "nodes");
        List<Element> targets = cib.section(Section.ACLS).children("acl_target");
        ids.checkNames(targets, "id", "access control targets");
    }

    /** Names that are no XML ids: a second use is allowed by the schema, and has no effect. */
    private void checkNames(List<Element> elements, String attribute, String called) {
        Map<String, Element> names = new HashMap<>(); // looked up, never iterated
        for (Element element : elements) {
            String name = element.attribute(attribute, "");
            if (names.putIfAbsent(name, element) != null) {
                findings.add(
                        Finding.warning(
                                element,
                                "two " + called + " are named " + name,
                                "only the first of them is used",
                                "remove the one that is not wanted"));
            }
        }
    }

    private void add(Element element) {
        String id = element.attribute("id");
        if (id == null || isNoXmlId(element)) {
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

    /** Whether the element's {@code id} does not name the element itself. */
    static boolean isNoXmlId(Element element) {
        return switch (element.name()) {
            case "resource_ref", "obj_ref", "role", "role_ref", "node", "acl_target" -> true;
            default -> false;
        };
    }
}
