package io.holdfast.cib.diff;

import io.holdfast.cib.diff.Paths.Step;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which children of an element are still there in its successor. A child is kept when one path
 * leads to it and to nothing else, before and after, and what cannot be patched in it (text) is the
 * same.
 */
final class Siblings {
    private final Element from;

    // All looked up, never iterated.
    private final Map<Step, Element> kept = new HashMap<>();
    private final Map<Step, Integer> newPositions = new HashMap<>();

    Siblings(Element from, Element to) {
        this.from = from;
        Map<Step, Element> old = unique(from);
        Map<Step, Element> now = unique(to);
        Set<String> mixed = namesWithAndWithoutId(from);
        mixed.addAll(namesWithAndWithoutId(to));
        for (int i = 0; i < to.children().size(); i++) {
            newPositions.put(Step.to(to.children().get(i)), i);
        }
        for (Element child : from.children()) {
            Step step = Step.to(child);
            Element successor = now.get(step);
            if (old.containsKey(step)
                    && successor != null
                    && !mixed.contains(child.name())
                    && isPatchable(child, successor)) {
                kept.put(step, child);
            }
        }
    }

    Element from() {
        return from;
    }

    /** The old child this step leads to, if it is kept. */
    @Nullable Element kept(Step step) {
        return kept.get(step);
    }

    /** All kept children but a longest run of them that keeps its order. */
    Set<Step> moved() {
        List<Step> order = new ArrayList<>();
        for (Element child : from.children()) {
            Step step = Step.to(child);
            if (kept.containsKey(step)) {
                order.add(step);
            }
        }
        int[] targets = new int[order.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = newPositions.getOrDefault(order.get(i), -1);
        }
        Set<Step> moved = new HashSet<>(order);
        for (int index : Increasing.longest(targets)) {
            moved.remove(order.get(index));
        }
        return moved;
    }

    /** Whether a path can hold the ids of an element's children. */
    static boolean areAddressable(Element parent) {
        for (Element child : parent.children()) {
            if (child.attribute("id", "").indexOf('\'') >= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPatchable(Element before, Element after) {
        return before.text().equals(after.text())
                && areAddressable(before)
                && areAddressable(after);
    }

    private static Map<Step, Element> unique(Element parent) {
        Map<Step, Element> unique = new HashMap<>();
        Set<Step> seen = new HashSet<>();
        for (Element child : parent.children()) {
            Step step = Step.to(child);
            if (seen.add(step)) {
                unique.put(step, child);
            } else {
                unique.remove(step);
            }
        }
        return unique;
    }

    private static Set<String> namesWithAndWithoutId(Element parent) {
        Set<String> with = new HashSet<>();
        Set<String> without = new HashSet<>();
        for (Element child : parent.children()) {
            (child.has("id") ? with : without).add(child.name());
        }
        with.retainAll(without);
        return with;
    }
}
