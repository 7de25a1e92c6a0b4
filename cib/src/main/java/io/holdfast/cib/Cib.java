package io.holdfast.cib;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlLimits;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.cib.xml.XmlWriter;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The cluster information base: what the cluster should be (configuration) and is (status), as one
 * immutable XML tree. It is held as the document it is, so that attributes and elements this
 * version does not know are kept.
 *
 * @param root the {@code cib} element
 */
public record Cib(Element root) {
    /** The schema that new CIBs are written in. */
    public static final String CURRENT_SCHEMA = "pacemaker-3.10";

    /** The feature set whose rules the status is written by. */
    public static final String CURRENT_FEATURE_SET = "3.20.5";

    public Cib {
        if (!root.is("cib")) {
            throw new ProblemException(
                    new Problem(
                            "the document is not a CIB",
                            "element " + root.name() + " on line " + root.line(),
                            "a CIB begins with the element cib",
                            "give the whole CIB, as cibadmin --query prints it"));
        }
    }

    /** A CIB with every section and nothing in them, at version 0.0.0. */
    public static Cib empty() {
        Element.Builder configuration = Element.builder("configuration");
        for (Section section :
                new Section[] {
                    Section.CRM_CONFIG, Section.NODES, Section.RESOURCES, Section.CONSTRAINTS
                }) {
            configuration.child(Element.of(section.elementName()));
        }
        return new Cib(
                Element.builder("cib")
                        .attribute("crm_feature_set", CURRENT_FEATURE_SET)
                        .attribute("validate-with", CURRENT_SCHEMA)
                        .attribute("epoch", "0")
                        .attribute("num_updates", "0")
                        .attribute("admin_epoch", "0")
                        .child(configuration.build())
                        .child(Element.of("status"))
                        .build());
    }

    /** Reads a CIB; a document that is not well-formed, or is no CIB, is a problem. */
    public static Cib parse(String xml) {
        return new Cib(XmlReader.string(xml, "CIB"));
    }

    public static Cib parse(byte[] xml, String source) {
        return new Cib(XmlReader.bytes(xml, source, XmlLimits.CIB));
    }

    public static Cib read(Path file) {
        return new Cib(XmlReader.file(file));
    }

    /** The text that cibadmin would print. */
    public String toXml() {
        return XmlWriter.indented(root);
    }

    /** The version; a part that is missing or no number counts as 0. */
    public CibVersion version() {
        return new CibVersion(number("admin_epoch"), number("epoch"), number("num_updates"));
    }

    public Cib withVersion(CibVersion version) {
        return new Cib(
                root.withAttribute("admin_epoch", Long.toString(version.adminEpoch()))
                        .withAttribute("epoch", Long.toString(version.epoch()))
                        .withAttribute("num_updates", Long.toString(version.numUpdates())));
    }

    public Element configuration() {
        return root.childOrEmpty("configuration");
    }

    /** A section, or an empty element of its name when the CIB does not have it. */
    public Element section(Section section) {
        Element parent = section == Section.STATUS ? root : configuration();
        return parent.childOrEmpty(section.elementName());
    }

    public Element resources() {
        return section(Section.RESOURCES);
    }

    public Element nodes() {
        return section(Section.NODES);
    }

    public Element constraints() {
        return section(Section.CONSTRAINTS);
    }

    public Element status() {
        return section(Section.STATUS);
    }

    /** Replaces a section, or adds it. The version is the caller's to raise. */
    public Cib withSection(Section section, Element content) {
        if (section == Section.STATUS) {
            return new Cib(root.withOnlyChild(content));
        }
        return new Cib(root.withOnlyChild(configuration().withOnlyChild(content)));
    }

    public Cib withSection(Section section, UnaryOperator<Element> change) {
        return withSection(section, change.apply(section(section)));
    }

    public Cib withAttribute(String name, String value) {
        return new Cib(root.withAttribute(name, value));
    }

    /**
     * A cluster option by name, from the property sets in order of their score (the set called
     * cib-bootstrap-options first), rules aside; null when it is not set.
     */
    public @Nullable String property(String name) {
        Element config = section(Section.CRM_CONFIG);
        String found = null;
        for (Element set : config.children("cluster_property_set")) {
            for (Element pair : set.children("nvpair")) {
                if (name.equals(pair.attribute("name"))
                        && (found == null || set.id().equals("cib-bootstrap-options"))) {
                    found = pair.attribute("value");
                }
            }
        }
        return found;
    }

    private long number(String attribute) {
        String text = root.attribute(attribute);
        if (text == null || text.isEmpty() || text.length() > 18) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(text);
    }
}
