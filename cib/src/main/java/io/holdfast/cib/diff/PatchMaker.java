package io.holdfast.cib.diff;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.CibVersion;
import io.holdfast.cib.diff.Paths.Step;
import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Compares two trees. Children are the same one when they have the same name and id; where that
 * does not tell them apart, or text changed, the parent is created anew.
 */
final class PatchMaker {
    private final boolean withMoves;
    private final List<Element> deletions = new ArrayList<>();
    private final List<Element> others = new ArrayList<>();

    PatchMaker(boolean withMoves) {
        this.withMoves = withMoves;
    }

    Element make(Cib from, Cib to) {
        if (!Siblings.areAddressable(from.root()) || !Siblings.areAddressable(to.root())) {
            throw new ProblemException(
                    new Problem(
                            "no patch set can be made",
                            "CIB " + from.version(),
                            "an element right below cib has an id that no path can hold",
                            "remove quotation marks from that id"));
        }
        compare(from.root(), to.root(), "/" + from.root().name());
        return Element.builder("diff")
                .attribute("format", "2")
                .child(
                        Element.builder("version")
                                .child(version("source", from.version()))
                                .child(version("target", to.version()))
                                .build())
                .children(deletions)
                .children(others)
                .build();
    }

    private static Element version(String name, CibVersion version) {
        return Element.of(
                name,
                "admin_epoch",
                Long.toString(version.adminEpoch()),
                "epoch",
                Long.toString(version.epoch()),
                "num_updates",
                Long.toString(version.numUpdates()));
    }

    private void compare(Element from, Element to, String path) {
        compareAttributes(from, to, path);
        if (from.children().equals(to.children())) {
            return;
        }
        Siblings siblings = new Siblings(from, to);
        Set<Step> moved = siblings.moved();
        deletions.addAll(deletions(siblings, moved, path));
        for (int i = 0; i < to.children().size(); i++) {
            Element child = to.children().get(i);
            Step step = Step.to(child);
            Element before = siblings.kept(step);
            if (before == null || (!withMoves && moved.contains(step))) {
                others.add(change("create", path, i).withChild(child));
                continue;
            }
            compare(before, child, path + step);
            if (moved.contains(step)) {
                others.add(change("move", path + step, i));
            }
        }
    }

    /** Those with ids first: a path without an id would lead to them too. */
    private List<Element> deletions(Siblings siblings, Set<Step> moved, String path) {
        List<Element> withId = new ArrayList<>();
        List<Element> withoutId = new ArrayList<>();
        for (Element child : siblings.from().children()) {
            Step step = Step.to(child);
            if (siblings.kept(step) == null || (!withMoves && moved.contains(step))) {
                Element delete = Element.of("change", "operation", "delete", "path", path + step);
                (step.id() == null ? withoutId : withId).add(delete);
            }
        }
        withId.addAll(withoutId);
        return withId;
    }

    private static Element change(String operation, String path, int position) {
        return Element.of(
                "change",
                "operation",
                operation,
                "path",
                path,
                "position",
                Integer.toString(position));
    }

    private void compareAttributes(Element from, Element to, String path) {
        Element.Builder list = Element.builder("change-list");
        boolean changed = false;
        for (Attribute attribute : from.attributes()) {
            if (!to.has(attribute.name())) {
                list.child(
                        Element.of("change-attr", "name", attribute.name(), "operation", "unset"));
                changed = true;
            }
        }
        for (Attribute attribute : to.attributes()) {
            if (!attribute.value().equals(from.attribute(attribute.name()))) {
                list.child(
                        Element.of(
                                "change-attr",
                                "name",
                                attribute.name(),
                                "operation",
                                "set",
                                "value",
                                attribute.value()));
                changed = true;
            }
        }
        if (changed) {
            Element result = to.withChildren(List.of()).withText("");
            others.add(
                    Element.builder("change")
                            .attribute("operation", "modify")
                            .attribute("path", path)
                            .child(list.build())
                            .child(Element.builder("change-result").child(result).build())
                            .build());
        }
    }
}
