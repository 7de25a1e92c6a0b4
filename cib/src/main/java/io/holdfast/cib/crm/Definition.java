package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;

/** What a statement defines, not yet put into a configuration. */
sealed interface Definition {
    /**
     * An element of a section, known by its id; resources may hold {@link #MEMBER} placeholders.
     */
    record OfObject(Section section, Element element) implements Definition {}

    /** Pairs to be merged into a set of options: a property, or a default. */
    record OfOptions(Section section, Element set) implements Definition {}

    /** All fencing levels. */
    record OfFencingTopology(Element topology) implements Definition {}

    /** A recurring monitor for a resource defined elsewhere. */
    record OfMonitor(String resource, Element operation) implements Definition {}

    /** Name of the placeholder that stands for a resource defined by its own statement. */
    String MEMBER = "member";

    static Element member(String id, int line) {
        return Element.builder(MEMBER).attribute("id", id).line(line).build();
    }
}
