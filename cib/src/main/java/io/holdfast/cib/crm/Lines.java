package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;

/** Which line of the text an element comes from, so that findings can name it. */
final class Lines {
    private Lines() {}

    /** Gives every element this line. */
    static Element all(Element element, int line) {
        return set(element, line, true);
    }

    /** Gives this line to every element that has none. */
    static Element where(Element element, int line) {
        return set(element, line, false);
    }

    private static Element set(Element element, int line, boolean always) {
        List<Element> children = new ArrayList<>(element.children().size());
        for (Element child : element.children()) {
            children.add(set(child, line, always));
        }
        return element.withChildren(children)
                .withLine(always || element.line() == 0 ? line : element.line());
    }
}
