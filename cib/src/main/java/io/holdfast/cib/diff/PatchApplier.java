package io.holdfast.cib.diff;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.CibVersion;
import io.holdfast.cib.diff.Paths.Step;
import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Carries out the changes of a patch set. */
final class PatchApplier {
    private PatchApplier() {}

    static void checkFormat(Element patch) {
        if (!patch.is("diff") || !"2".equals(patch.attribute("format"))) {
            throw problem(
                    "element " + patch.name(),
                    "it is no patch set of format 2",
                    "make it with crm_diff of Pacemaker 1.1.12 or later, or with Holdfast");
        }
    }

    static void checkSource(CibVersion version, Element patch) {
        if (patch.child("version") == null) {
            return; // made without versions: applies to any
        }
        CibVersion source = CibPatch.version(patch, "source");
        if (!source.equals(version)) {
            throw problem(
                    "CIB " + version,
                    "the patch set starts from version " + source,
                    version.compareTo(source) < 0
                            ? "fetch the whole CIB: patch sets in between are missing here"
                            : "make the patch set again from the current CIB");
        }
    }

    static Element apply(Element root, Element patch) {
        Element result = root;
        List<Element> placements = new ArrayList<>();
        for (Element change : patch.children("change")) {
            switch (change.attribute("operation", "")) {
                case "create", "move" -> placements.add(change);
                case "delete" -> result = delete(result, change);
                case "modify" -> result = modify(result, change);
                default ->
                        throw problem(
                                "path " + change.attribute("path", ""),
                                "the operation "
                                        + change.attribute("operation", "(none)")
                                        + " is unknown",
                                "make the patch set again");
            }
        }
        placements.sort(Comparator.comparingInt(PatchApplier::position));
        for (Element change : placements) {
            result =
                    "create".equals(change.attribute("operation"))
                            ? create(result, change)
                            : move(result, change);
        }
        return result;
    }

    private static int position(Element change) {
        String text = change.attribute("position", "0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw problem("position " + text, "it is no number", "make the patch set again");
        }
    }

    private interface Change {
        Element apply(Element element);
    }

    /** Changes the element a path leads to, and with it every element above. */
    private static Element at(Element root, String path, Change change) {
        List<Step> steps = Paths.parse(path);
        if (!steps.getFirst().leadsTo(root)) {
            throw missing(path);
        }
        return at(root, steps, 1, path, change);
    }

    private static Element at(
            Element element, List<Step> steps, int depth, String path, Change change) {
        if (depth == steps.size()) {
            return change.apply(element);
        }
        Element child = Paths.child(element, steps.get(depth));
        if (child == null) {
            throw missing(path);
        }
        return element.withChildReplaced(child, at(child, steps, depth + 1, path, change));
    }

    private static Element delete(Element root, Element change) {
        String path = change.attribute("path", "");
        int last = parentEnd(path);
        Step step = Paths.parse(path.substring(last)).getFirst();
        return at(
                root,
                path.substring(0, last),
                parent -> {
                    Element child = Paths.child(parent, step);
                    if (child == null) {
                        throw missing(path);
                    }
                    return parent.withoutChild(child);
                });
    }

    /** Where the last step of a path begins; an id may hold a slash. */
    private static int parentEnd(String path) {
        List<Step> steps = Paths.parse(path);
        int length = steps.getLast().toString().length();
        if (steps.size() < 2) {
            throw problem("path " + path, "the whole CIB cannot be removed or moved", "replace it");
        }
        return path.length() - length;
    }

    private static Element modify(Element root, Element change) {
        return at(
                root,
                change.attribute("path", ""),
                element -> {
                    Element result = element;
                    for (Element attribute :
                            change.childOrEmpty("change-list").children("change-attr")) {
                        String name = attribute.attribute("name", "");
                        result =
                                "unset".equals(attribute.attribute("operation"))
                                        ? result.withoutAttribute(name)
                                        : result.withAttribute(
                                                name, attribute.attribute("value", ""));
                    }
                    Element target = change.childOrEmpty("change-result");
                    return target.children().isEmpty()
                            ? result
                            : withAttributesOf(result, target.children().getFirst());
                });
    }

    /** The result counts: it also says in which order attributes stand. */
    private static Element withAttributesOf(Element element, Element result) {
        Element.Builder builder =
                Element.builder(element.name())
                        .children(element.children())
                        .text(element.text())
                        .comments(element.comments())
                        .line(element.line());
        for (Attribute attribute : result.attributes()) {
            builder.attribute(attribute.name(), attribute.value());
        }
        return builder.build();
    }

    private static Element create(Element root, Element change) {
        if (change.children().size() != 1) {
            throw problem(
                    "path " + change.attribute("path", ""),
                    "a create brings " + change.children().size() + " elements instead of one",
                    "make the patch set again");
        }
        Element added = change.children().getFirst();
        return at(
                root,
                change.attribute("path", ""),
                parent -> inserted(parent, added, position(change)));
    }

    private static Element move(Element root, Element change) {
        String path = change.attribute("path", "");
        int last = parentEnd(path);
        Step step = Paths.parse(path.substring(last)).getFirst();
        return at(
                root,
                path.substring(0, last),
                parent -> {
                    Element child = Paths.child(parent, step);
                    if (child == null) {
                        throw missing(path);
                    }
                    return inserted(parent.withoutChild(child), child, position(change));
                });
    }

    private static Element inserted(Element parent, Element child, int position) {
        List<Element> children = new ArrayList<>(parent.children());
        children.add(Math.clamp(position, 0, children.size()), child);
        return parent.withChildren(children);
    }

    private static ProblemException missing(String path) {
        return problem(
                "path " + path,
                "the CIB has nothing there",
                "fetch the whole CIB: it is not the one the patch set was made from");
    }

    private static ProblemException problem(String object, String why, String remedy) {
        return new ProblemException(
                new Problem("the patch set is not applied", object, why, remedy));
    }
}
