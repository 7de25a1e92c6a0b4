package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.Set;

/**
 * Which ids must be written. In {@link PrintStyle#SHOW} those that others refer to, in {@link
 * PrintStyle#SAVE} also those that reading the text would not give by itself.
 */
final class PrintIds {
    private final PrintStyle style;
    private final Set<String> referenced;
    private final boolean location;
    private final Ids expected = new Ids();

    PrintIds(PrintStyle style, Set<String> referenced, boolean location) {
        this.style = style;
        this.referenced = referenced;
        this.location = location;
    }

    /** {@code $id="…"} if it must be written, else an empty string. */
    String mark(Element element, String wanted) {
        return mustShow(element, wanted) ? Quoting.pair("$id", element.id()) : "";
    }

    /** Whether the id must be written; follows the counting that the reader does. */
    boolean mustShow(Element element, String wanted) {
        String id = element.id();
        if (id.isEmpty()) {
            return false;
        }
        Ids before = expected;
        String given = before.take(wanted);
        if (given.equals(id)) {
            return referenced.contains(id);
        }
        before.release(given);
        boolean show = style == PrintStyle.SAVE || referenced.contains(id);
        before.reserve(show ? id : given);
        return show;
    }

    void reserve(String id) {
        expected.reserve(id);
    }

    /** In a location a rule without a score means INFINITY; elsewhere it means none. */
    boolean isLocation() {
        return location;
    }
}
