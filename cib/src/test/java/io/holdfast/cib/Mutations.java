package io.holdfast.cib;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages CIBs as people and bugs do; the same seed gives the same damage. */
public final class Mutations {
    private static final List<String> VALUES =
            List.of(
                    "",
                    "0",
                    "-1",
                    "true",
                    "maybe",
                    "INFINITY",
                    "-INFINITY",
                    "inf",
                    "10s",
                    "1.5",
                    "Started",
                    "Promoted",
                    "promoted",
                    "a b",
                    "9999999999999999999999",
                    "#uname",
                    "start",
                    "Mandatory",
                    "100%",
                    "\u00fc",
                    "x&y<z>\"'",
                    "2030-01-01",
                    "..",
                    "*");
    private static final List<String> NAMES =
            List.of(
                    "id",
                    "id-ref",
                    "score",
                    "rsc",
                    "node",
                    "name",
                    "value",
                    "class",
                    "role",
                    "kind",
                    "interval",
                    "rule",
                    "primitive",
                    "group",
                    "clone",
                    "nvpair",
                    "op",
                    "unknown",
                    "meta_attributes",
                    "resource_set",
                    "expression",
                    "template",
                    "status");

    private final Random random;

    public Mutations(long seed) {
        this.random = new Random(seed);
    }

    /** The CIB with one to three changes somewhere in its configuration. */
    public Element damaged(Element cib) {
        Element result = cib;
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            Element configuration = result.child("configuration");
            if (configuration == null || random.nextInt(40) == 0) {
                return changed(result);
            }
            result = result.withChildReplaced(configuration, somewhere(configuration, 0));
        }
        return result;
    }

    /** The document with some of its characters replaced, removed or repeated. */
    public String damaged(String document) {
        StringBuilder text = new StringBuilder(document);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(40)));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 60)));
                default -> text.setCharAt(at, (char) random.nextInt(0x300));
            }
        }
        return text.toString();
    }

    private Element somewhere(Element element, int depth) {
        List<Element> children = element.children();
        if (children.isEmpty() || (depth > 0 && random.nextInt(4) == 0)) {
            return changed(element);
        }
        Element child = children.get(random.nextInt(children.size()));
        return element.withChildReplaced(child, somewhere(child, depth + 1));
    }

    private Element changed(Element element) {
        List<Attribute> attributes = element.attributes();
        List<Element> children = element.children();
        boolean noAttribute = attributes.isEmpty();
        Attribute attribute =
                noAttribute ? null : attributes.get(random.nextInt(attributes.size()));
        Element child = children.isEmpty() ? null : children.get(random.nextInt(children.size()));
        return switch (random.nextInt(11)) {
            case 0 -> noAttribute ? element : element.withoutAttribute(attribute.name());
            case 1, 2 ->
                    noAttribute ? element : element.withAttribute(attribute.name(), pick(VALUES));
            case 3 -> element.withAttribute(pick(NAMES), pick(VALUES));
            case 4 -> element.withName(pick(NAMES));
            case 5 -> child == null ? element : element.withoutChild(child);
            case 6 -> child == null ? element : element.withChild(child);
            case 7 ->
                    element.withChild(Element.of(pick(NAMES), "id", "mutant" + random.nextInt(9)));
            case 8 -> child == null ? element : element.withChild(pickDeep(child));
            case 9 -> element.withChildren(shuffled(children));
            default -> element.withText("stray text");
        };
    }

    private Element pickDeep(Element element) {
        List<Element> all = element.stream().toList();
        return all.get(random.nextInt(all.size()));
    }

    private List<Element> shuffled(List<Element> children) {
        List<Element> copy = new ArrayList<>(children);
        java.util.Collections.shuffle(copy, random);
        return copy;
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
