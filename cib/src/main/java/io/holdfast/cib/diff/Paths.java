package io.holdfast.cib.diff;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Paths of patch sets: a step is a name, with the id where the element has one. */
final class Paths {
    private static final String ID_BEGINS = "[@id='";
    private static final String ID_ENDS = "']";

    private Paths() {}

    /**
     * One step.
     *
     * @param id null when the element has none
     */
    record Step(String name, @Nullable String id) {
        static Step to(Element element) {
            return new Step(element.name(), element.attribute("id"));
        }

        boolean leadsTo(Element element) {
            return element.is(name) && (id == null || id.equals(element.attribute("id")));
        }

        @Override
        public String toString() {
            return id == null ? "/" + name : "/" + name + ID_BEGINS + id + ID_ENDS;
        }
    }

    static List<Step> parse(String path) {
        List<Step> steps = new ArrayList<>();
        int at = 0;
        while (at < path.length()) {
            if (path.charAt(at) != '/') {
                throw bad(path);
            }
            int id = path.indexOf(ID_BEGINS, at);
            int slash = path.indexOf('/', at + 1);
            if (id >= 0 && (slash < 0 || id < slash)) {
                int end = path.indexOf(ID_ENDS, id);
                if (end < 0) {
                    throw bad(path);
                }
                String name = path.substring(at + 1, id);
                steps.add(new Step(name, path.substring(id + ID_BEGINS.length(), end)));
                at = end + ID_ENDS.length();
            } else {
                int end = slash < 0 ? path.length() : slash;
                steps.add(new Step(path.substring(at + 1, end), null));
                at = end;
            }
        }
        if (steps.isEmpty()) {
            throw bad(path);
        }
        return steps;
    }

    /** The child a step leads to, or null. */
    static @Nullable Element child(Element parent, Step step) {
        for (Element child : parent.children()) {
            if (step.leadsTo(child)) {
                return child;
            }
        }
        return null;
    }

    private static ProblemException bad(String path) {
        return new ProblemException(
                new Problem(
                        "a patch set cannot be read",
                        "path " + path,
                        "it does not consist of /NAME or /NAME[@id='ID'] steps",
                        "make the patch set again"));
    }
}
