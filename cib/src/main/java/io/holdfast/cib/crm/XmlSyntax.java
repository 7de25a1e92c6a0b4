package io.holdfast.cib.crm;

import io.holdfast.base.ProblemException;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.cib.xml.XmlWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code xml <ELEMENT>…}: what the other statements have no words for, as it is in the CIB. */
final class XmlSyntax {
    private XmlSyntax() {}

    static List<Definition> read(Statement statement) throws SyntaxMistake {
        Element element = parse(statement);
        List<Definition> definitions = new ArrayList<>();
        switch (element.name()) {
            case "rsc_defaults" -> addSets(element, Section.RSC_DEFAULTS, definitions);
            case "op_defaults" -> addSets(element, Section.OP_DEFAULTS, definitions);
            case "cluster_property_set" ->
                    definitions.add(new Definition.OfOptions(Section.CRM_CONFIG, element));
            case "fencing-topology" -> definitions.add(new Definition.OfFencingTopology(element));
            default -> {
                Section section = sectionOf(element.name());
                if (section == null || element.id().isEmpty()) {
                    throw new SyntaxMistake(
                            "xml " + element.name(),
                            statement.line(),
                            section == null
                                    ? "the element " + element.name() + " has no place here"
                                    : "the element has no id",
                            "an xml statement defines one object of the configuration",
                            "give a resource, a constraint, a node, or a set of options");
                }
                definitions.add(new Definition.OfObject(section, element));
            }
        }
        return definitions;
    }

    private static void addSets(Element defaults, Section section, List<Definition> definitions) {
        for (Element set : defaults.children()) {
            definitions.add(new Definition.OfOptions(section, set));
        }
    }

    private static Element parse(Statement statement) throws SyntaxMistake {
        String text = statement.raw().substring("xml".length());
        try {
            return Lines.all(XmlReader.string(text.strip(), "xml"), statement.line());
        } catch (ProblemException e) {
            throw new SyntaxMistake(
                    "xml statement",
                    statement.line(),
                    e.problem().what(),
                    e.problem().why() + " (" + e.problem().object() + " of it)",
                    "mend the XML, or write it as an ordinary statement");
        }
    }

    /** Where an element of this name belongs, or null. */
    static @Nullable Section sectionOf(String name) {
        return switch (name) {
            case "node" -> Section.NODES;
            case "primitive", "template", "group", "clone", "master", "bundle" -> Section.RESOURCES;
            case "rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket" -> Section.CONSTRAINTS;
            case "acl_role", "acl_target", "acl_group", "acl_user" -> Section.ACLS;
            case "tag" -> Section.TAGS;
            case "alert" -> Section.ALERTS;
            default -> null;
        };
    }

    static String print(Element element) {
        String xml = XmlWriter.indented(element.withComments(Element.Comments.NONE));
        return "xml " + String.join(" \\\n", xml.strip().split("\n"));
    }
}
