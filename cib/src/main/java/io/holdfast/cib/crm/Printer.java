package io.holdfast.cib.crm;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Prints a configuration as statements. Each is read back before it is believed; what would come
 * back as something else is printed as an {@code xml} statement.
 */
final class Printer {
    private static final List<Section> BEFORE_TOPOLOGY =
            List.of(Section.NODES, Section.RESOURCES, Section.TAGS, Section.CONSTRAINTS);
    private static final List<Section> BEHIND_TOPOLOGY =
            List.of(
                    Section.CRM_CONFIG,
                    Section.RSC_DEFAULTS,
                    Section.OP_DEFAULTS,
                    Section.ACLS,
                    Section.ALERTS);

    private final PrintStyle style;
    private final Set<String> referenced = new TreeSet<>();
    private final StringBuilder out = new StringBuilder();

    private Printer(PrintStyle style) {
        this.style = style;
    }

    static String print(Cib cib, PrintStyle style) {
        Printer printer = new Printer(style);
        cib.configuration()
                .visit(
                        element -> {
                            String reference = element.attribute("id-ref");
                            if (reference != null) {
                                printer.referenced.add(reference);
                            }
                        });
        Cib shown = cib;
        if (style == PrintStyle.SHOW) {
            shown = new Cib(cib.root().withOnlyChild(HiddenSecrets.hide(cib.configuration())));
        }
        for (Section section : BEFORE_TOPOLOGY) {
            printer.section(shown, section);
        }
        printer.fencingTopology(shown.section(Section.FENCING_TOPOLOGY));
        for (Section section : BEHIND_TOPOLOGY) {
            printer.section(shown, section);
        }
        return printer.out.toString();
    }

    private void section(Cib cib, Section section) {
        for (Element element : cib.section(section).children()) {
            object(section, element);
        }
    }

    /** Members are printed before the container that names them. */
    private void object(Section section, Element element) {
        Element shell = section == Section.RESOURCES ? ResourceTree.shell(element) : element;
        String text = statement(section, shell);
        if (text == null) {
            comments(element);
            out.append(XmlSyntax.print(inDefaults(section, element))).append('\n');
            return;
        }
        if (section == Section.RESOURCES) {
            for (Element child : element.children()) {
                if (ResourceSyntax.isResource(child)) {
                    object(section, child);
                }
            }
        }
        comments(element);
        out.append(text).append('\n');
    }

    private @Nullable String statement(Section section, Element shell) {
        if (shell.is("master") && style == PrintStyle.SHOW) {
            return promotable(shell);
        }
        Syntax syntax = Statements.printerOf(section, shell);
        return syntax == null ? null : checked(syntax, section, shell, shell.is("rsc_location"));
    }

    /** For reading, a master is shown by its old word; it cannot be kept that way. */
    private @Nullable String promotable(Element master) {
        Syntax syntax = Statements.printerOf(Section.RESOURCES, Element.of("clone"));
        List<String> lines =
                syntax == null
                        ? null
                        : syntax.print(master, new PrintIds(style, referenced, false));
        return lines == null ? null : text(lines).replaceFirst("clone", "ms");
    }

    private @Nullable String checked(
            Syntax syntax, Section section, Element shell, boolean location) {
        List<String> lines = syntax.print(shell, new PrintIds(style, referenced, location));
        if (lines == null) {
            return null;
        }
        String text = text(lines);
        return readsBack(text, section, shell) ? text : null;
    }

    private static String text(List<String> lines) {
        return String.join(" \\\n\t", lines);
    }

    private boolean readsBack(String text, Section section, Element shell) {
        List<Finding> findings = new ArrayList<>();
        List<Statement> statements = Lexer.lex(text).statements();
        if (statements.size() != 1) {
            return false;
        }
        List<Definition> definitions = Statements.read(statements.getFirst(), findings);
        if (definitions.size() != 1 || !findings.isEmpty()) {
            return false;
        }
        return switch (definitions.getFirst()) {
            case Definition.OfObject(Section of, Element element) ->
                    of == section && same(element, shell);
            case Definition.OfOptions(Section of, Element set) -> of == section && same(set, shell);
            case Definition.OfFencingTopology(Element topology) -> same(topology, shell);
            case Definition.OfMonitor _ -> false;
        };
    }

    private boolean same(Element a, Element b) {
        return style == PrintStyle.SAVE
                ? Canonical.exact(a).equals(Canonical.exact(b))
                : Canonical.withoutPartIds(a).equals(Canonical.withoutPartIds(b));
    }

    /** A set of defaults does not say which defaults it belongs to. */
    private static Element inDefaults(Section section, Element element) {
        return section == Section.RSC_DEFAULTS || section == Section.OP_DEFAULTS
                ? Element.builder(section.elementName()).child(element).build()
                : element;
    }

    private void fencingTopology(Element topology) {
        if (topology.children().isEmpty()) {
            return;
        }
        String text =
                checked(Statements.fencingTopology(), Section.FENCING_TOPOLOGY, topology, false);
        comments(topology);
        out.append(text == null ? XmlSyntax.print(topology) : text).append('\n');
    }

    private void comments(Element element) {
        for (String comment : element.comments().before()) {
            for (String line : comment.strip().split("\n", -1)) {
                String stripped = line.strip();
                out.append(stripped.startsWith("#") ? stripped : "# " + stripped).append('\n');
            }
        }
    }
}
