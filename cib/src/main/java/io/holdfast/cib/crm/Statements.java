package io.holdfast.cib.crm;

import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.Severity;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which keyword is read, and which element printed, by which {@link Syntax}. */
final class Statements {
    private static final Syntax RESOURCE = new ResourceSyntax();
    private static final Syntax CONSTRAINT = new ConstraintSyntax();
    private static final Syntax ACL = new AclSyntax();
    private static final Syntax PROPERTY =
            new OptionSyntax(Section.CRM_CONFIG, "property", "cib-bootstrap-options");
    private static final Syntax RSC_DEFAULTS =
            new OptionSyntax(Section.RSC_DEFAULTS, "rsc_defaults", "rsc-options");
    private static final Syntax OP_DEFAULTS =
            new OptionSyntax(Section.OP_DEFAULTS, "op_defaults", "op-options");
    private static final Syntax FENCING = new FencingTopologySyntax();

    private static final Map<String, Syntax> BY_KEYWORD = new TreeMap<>();

    static {
        BY_KEYWORD.put("node", new NodeSyntax());
        for (String keyword :
                List.of("primitive", "rsc_template", "group", "clone", "ms", "master")) {
            BY_KEYWORD.put(keyword, RESOURCE);
        }
        BY_KEYWORD.put("bundle", new BundleSyntax());
        for (String keyword :
                List.of("location", "colocation", "collocation", "order", "rsc_ticket")) {
            BY_KEYWORD.put(keyword, CONSTRAINT);
        }
        BY_KEYWORD.put("monitor", new MonitorSyntax());
        BY_KEYWORD.put("property", PROPERTY);
        BY_KEYWORD.put("rsc_defaults", RSC_DEFAULTS);
        BY_KEYWORD.put("op_defaults", OP_DEFAULTS);
        BY_KEYWORD.put("fencing_topology", FENCING);
        BY_KEYWORD.put("fencing-topology", FENCING);
        BY_KEYWORD.put("tag", new TagSyntax());
        BY_KEYWORD.put("alert", new AlertSyntax());
        for (String keyword : List.of("role", "acl_target", "acl_group", "user")) {
            BY_KEYWORD.put(keyword, ACL);
        }
    }

    private Statements() {}

    /** Reads one statement; a mistake is added to the findings and gives no definitions. */
    static List<Definition> read(Statement statement, List<Finding> findings) {
        try {
            if (statement.keyword().equals("xml")) {
                return commented(XmlSyntax.read(statement), statement.comments());
            }
            Syntax syntax = BY_KEYWORD.get(statement.keyword());
            if (syntax == null) {
                findings.add(unknownKeyword(statement));
                return List.of();
            }
            Cursor in = new Cursor(statement);
            List<Definition> definitions = syntax.read(in);
            in.expectEnd();
            List<Definition> placed = new ArrayList<>();
            for (Definition definition : definitions) {
                placed.add(withLines(definition, statement.line()));
            }
            return commented(placed, statement.comments());
        } catch (SyntaxMistake mistake) {
            findings.add(mistake.finding());
            return List.of();
        }
    }

    private static Finding unknownKeyword(Statement statement) {
        return new Finding(
                Severity.ERROR,
                "statement",
                statement.line(),
                "'" + statement.tokens().getFirst().text() + "' begins no statement",
                "a statement begins with a word such as primitive, group, location or property",
                "if it belongs to the line before, end that line with a backslash");
    }

    /** Who prints an element of this section, or null when only XML can. */
    static @Nullable Syntax printerOf(Section section, Element element) {
        return switch (section) {
            case CRM_CONFIG -> element.is("cluster_property_set") ? PROPERTY : null;
            case RSC_DEFAULTS -> element.is("meta_attributes") ? RSC_DEFAULTS : null;
            case OP_DEFAULTS -> element.is("meta_attributes") ? OP_DEFAULTS : null;
            case NODES -> BY_KEYWORD.get("node");
            case RESOURCES ->
                    switch (element.name()) {
                        case "primitive", "template", "group", "clone" -> RESOURCE;
                        case "bundle" -> BY_KEYWORD.get("bundle");
                        default -> null;
                    };
            case CONSTRAINTS -> CONSTRAINT;
            case TAGS -> BY_KEYWORD.get("tag");
            case ALERTS -> BY_KEYWORD.get("alert");
            case ACLS -> element.is("acl_user") ? null : ACL;
            case FENCING_TOPOLOGY, STATUS -> null;
        };
    }

    static Syntax fencingTopology() {
        return FENCING;
    }

    private static Definition withLines(Definition definition, int line) {
        return switch (definition) {
            case Definition.OfObject(Section section, Element element) ->
                    new Definition.OfObject(section, Lines.where(element, line));
            case Definition.OfOptions(Section section, Element set) ->
                    new Definition.OfOptions(section, Lines.where(set, line));
            case Definition.OfFencingTopology(Element topology) ->
                    new Definition.OfFencingTopology(Lines.where(topology, line));
            case Definition.OfMonitor(String resource, Element operation) ->
                    new Definition.OfMonitor(resource, Lines.where(operation, line));
        };
    }

    /** Comments belong to what they stand before. */
    private static List<Definition> commented(List<Definition> definitions, List<String> lines) {
        if (lines.isEmpty() || definitions.isEmpty()) {
            return definitions;
        }
        List<String> comments = new ArrayList<>();
        for (String line : lines) {
            comments.add(" " + line.replace("--", "- -") + " ");
        }
        Element.Comments before = new Element.Comments(comments, List.of());
        List<Definition> result = new ArrayList<>(definitions);
        result.set(
                0,
                switch (definitions.getFirst()) {
                    case Definition.OfObject(Section section, Element element) ->
                            new Definition.OfObject(section, element.withComments(before));
                    case Definition.OfOptions(Section section, Element set) ->
                            new Definition.OfOptions(section, set.withComments(before));
                    case Definition.OfFencingTopology(Element topology) ->
                            new Definition.OfFencingTopology(topology.withComments(before));
                    case Definition.OfMonitor monitor -> monitor;
                });
        return result;
    }
}
