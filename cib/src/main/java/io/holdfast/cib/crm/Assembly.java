package io.holdfast.cib.crm;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts definitions into a configuration, in the order of their statements. */
final class Assembly {
    private static final List<Section> PLAIN_SECTIONS =
            List.of(Section.CONSTRAINTS, Section.TAGS, Section.ALERTS, Section.ACLS);
    private static final List<Section> OPTION_SECTIONS =
            List.of(Section.CRM_CONFIG, Section.RSC_DEFAULTS, Section.OP_DEFAULTS);

    private final Cib base;
    private final LoadMode mode;
    private final List<Definition> definitions;
    private final List<Finding> findings;

    private Assembly(
            Cib base, LoadMode mode, List<Definition> definitions, List<Finding> findings) {
        this.base = base;
        this.mode = mode;
        this.definitions = definitions;
        this.findings = findings;
    }

    /** The CIB after loading; mistakes that only show when all is put together are added. */
    static Cib assemble(
            Cib base, LoadMode mode, List<Definition> definitions, List<Finding> findings) {
        Assembly assembly = new Assembly(base, mode, definitions, findings);
        assembly.findObjectsDefinedTwice();
        Cib cib = base;
        for (Section section : OPTION_SECTIONS) {
            cib = assembly.withOptions(cib, section);
        }
        cib = assembly.withNodes(cib);
        cib = assembly.withResources(cib);
        for (Section section : PLAIN_SECTIONS) {
            cib = assembly.withObjects(cib, section);
        }
        return assembly.withFencingTopology(cib);
    }

    private boolean keepsOld() {
        return mode == LoadMode.UPDATE;
    }

    private void findObjectsDefinedTwice() {
        Map<String, Element> first = new LinkedHashMap<>();
        for (Definition definition : definitions) {
            if (definition instanceof Definition.OfObject(Section section, Element element)
                    && section != Section.NODES) {
                Element before = first.putIfAbsent(element.id(), element);
                if (before != null) {
                    findings.add(
                            Finding.error(
                                    element,
                                    "the id " + element.id() + " is used twice",
                                    "line " + before.line() + " defines " + nameOf(before),
                                    "rename one of them"));
                }
            }
        }
    }

    private static String nameOf(Element element) {
        return element.name() + " " + element.id();
    }

    private List<Element> objects(Section section) {
        List<Element> objects = new ArrayList<>();
        for (Definition definition : definitions) {
            if (definition instanceof Definition.OfObject(Section of, Element element)
                    && of == section) {
                objects.add(element);
            }
        }
        return objects;
    }

    /** Objects that stand alone: a new one replaces the one with its id. */
    private Cib withObjects(Cib cib, Section section) {
        List<Element> defined = objects(section);
        Element before = cib.section(section);
        Map<String, Element> after = new LinkedHashMap<>();
        if (keepsOld()) {
            before.children().forEach(old -> after.put(old.id(), old));
        }
        defined.forEach(element -> after.put(element.id(), element));
        if (after.isEmpty() && before.children().isEmpty()) {
            return cib;
        }
        return cib.withSection(section, before.withChildren(List.copyOf(after.values())));
    }

    private Cib withOptions(Cib cib, Section section) {
        Element before = cib.section(section);
        Element after = keepsOld() ? before : before.withChildren(List.of());
        for (Definition definition : definitions) {
            if (definition instanceof Definition.OfOptions(Section of, Element set)
                    && of == section) {
                Element known = after.child(set.name(), set.id());
                after =
                        known == null
                                ? after.withChild(set)
                                : after.withChildReplaced(known, merged(known, set));
            }
        }
        return after.equals(before) && before.children().isEmpty()
                ? cib
                : cib.withSection(section, after);
    }

    /** Pairs replace pairs of their name; rules and score, when given, replace the old ones. */
    private static Element merged(Element old, Element added) {
        Element result = old;
        boolean hasRules = !added.children("rule").isEmpty();
        if (hasRules) {
            for (Element rule : old.children("rule")) {
                result = result.withoutChild(rule);
            }
        }
        String score = added.attribute("score");
        result = score == null ? result : result.withAttribute("score", score);
        for (Element part : added.children()) {
            Element known =
                    part.is("nvpair") ? pairNamed(result, part.attribute("name", "")) : null;
            result =
                    known == null
                            ? result.withChild(part)
                            : result.withChildReplaced(known, part.withAttribute("id", known.id()));
        }
        return result;
    }

    private static @org.jspecify.annotations.Nullable Element pairNamed(Element set, String name) {
        for (Element pair : set.children("nvpair")) {
            if (name.equals(pair.attribute("name"))) {
                return pair;
            }
        }
        return null;
    }

    /** Nodes belong to the membership: those the text does not name stay, ids stay. */
    private Cib withNodes(Cib cib) {
        Map<String, Element> byName = new LinkedHashMap<>();
        for (Element node : cib.nodes().children()) {
            byName.put(node.attribute("uname", node.id()), node);
        }
        for (Element node : objects(Section.NODES)) {
            String name = node.attribute("uname", node.id());
            Element known = byName.get(name);
            boolean idLeftOut = node.id().equals(name);
            byName.put(
                    name, known != null && idLeftOut ? node.withAttribute("id", known.id()) : node);
        }
        Element before = cib.nodes();
        return cib.withSection(Section.NODES, before.withChildren(List.copyOf(byName.values())));
    }

    private Cib withResources(Cib cib) {
        Element before = cib.resources();
        ResourceTree tree = new ResourceTree(findings);
        if (keepsOld()) {
            before.children().forEach(tree::addExisting);
        }
        objects(Section.RESOURCES).forEach(tree::define);
        for (Definition definition : definitions) {
            if (definition instanceof Definition.OfMonitor(String resource, Element operation)) {
                tree.addOperation(resource, operation);
            }
        }
        return cib.withSection(Section.RESOURCES, before.withChildren(tree.build()));
    }

    private Cib withFencingTopology(Cib cib) {
        Element after = keepsOld() ? cib.section(Section.FENCING_TOPOLOGY) : null;
        for (Definition definition : definitions) {
            if (definition instanceof Definition.OfFencingTopology(Element topology)) {
                List<String> nodes = new ArrayList<>();
                cib.nodes().children().forEach(n -> nodes.add(n.attribute("uname", n.id())));
                after = FencingTopologySyntax.forNodes(topology, nodes);
            }
        }
        Element before = base.section(Section.FENCING_TOPOLOGY);
        if (after == null) {
            after = before.withChildren(List.of());
        }
        return after.children().isEmpty() && before.children().isEmpty()
                ? cib
                : cib.withSection(Section.FENCING_TOPOLOGY, after);
    }
}
