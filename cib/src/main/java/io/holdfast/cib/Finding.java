package io.holdfast.cib;

import io.holdfast.base.Problem;
import io.holdfast.cib.xml.Element;

/**
 * Something wrong or unsafe in a configuration.
 *
 * @param object the element and its id, such as {@code primitive A}
 * @param line where it was read, 0 when that is not known
 * @param what what is wrong, a sentence without a full stop
 * @param why what follows from it
 * @param remedy what to do
 */
public record Finding(
        Severity severity, String object, int line, String what, String why, String remedy) {

    public static Finding error(Element at, String what, String why, String remedy) {
        return new Finding(Severity.ERROR, nameOf(at), at.line(), what, why, remedy);
    }

    public static Finding warning(Element at, String what, String why, String remedy) {
        return new Finding(Severity.WARNING, nameOf(at), at.line(), what, why, remedy);
    }

    public static Finding info(Element at, String what, String why, String remedy) {
        return new Finding(Severity.INFO, nameOf(at), at.line(), what, why, remedy);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** As a problem of the file (or CIB) it was found in. */
    public Problem in(String source) {
        String place = line > 0 ? source + ", line " + line : source;
        return new Problem(what, place + ", " + object, why, remedy);
    }

    private static String nameOf(Element element) {
        String id = element.attribute("id", element.attribute("name", ""));
        return id.isEmpty() ? element.name() : element.name() + " " + id;
    }
}
