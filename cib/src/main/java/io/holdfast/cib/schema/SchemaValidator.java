package io.holdfast.cib.schema;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a CIB of the current schema with {@link Shapes}; tells every difference. */
public final class SchemaValidator {
    private static final int MOST_FINDINGS = 1_000;

    private final List<Finding> findings = new ArrayList<>();

    private SchemaValidator() {}

    /** What does not fit, each an error; at most a thousand of them. */
    public static List<Finding> validate(Cib cib) {
        SchemaValidator validator = new SchemaValidator();
        validator.check(cib.root(), Shapes.CIB);
        return validator.findings;
    }

    private void check(Element element, Shape shape) {
        if (shape.isOpen() || findings.size() >= MOST_FINDINGS) {
            return;
        }
        checkAttributes(element, shape);
        checkChildren(element, shape);
        for (Shape.Rule rule : shape.rules()) {
            String fault = rule.apply(element);
            if (fault != null) {
                add(element, fault, "the schema asks for it", "correct the element");
            }
        }
        if (!element.text().isEmpty()) {
            add(
                    element,
                    "it has text inside",
                    "configuration elements hold attributes and elements only",
                    "remove the text, or make it a comment");
        }
    }

    private void checkAttributes(Element element, Shape shape) {
        for (Attribute attribute : element.attributes()) {
            ValueType type = shape.attribute(attribute.name());
            if (type == null) {
                add(
                        element,
                        "the attribute " + attribute.name() + " is unknown",
                        element.name() + " may have " + String.join(", ", shape.attributeNames()),
                        "remove it, or correct its name");
            } else if (!type.accepts(attribute.value())) {
                add(
                        element,
                        attribute.name() + " is \"" + shortened(attribute.value()) + "\"",
                        "it must be " + type.description(),
                        "correct the value");
            }
        }
        for (String name : shape.required()) {
            if (!element.has(name)) {
                add(
                        element,
                        "the attribute " + name + " is missing",
                        "every " + element.name() + " needs it",
                        "add " + name + "=\"…\"");
            }
        }
    }

    private void checkChildren(Element element, Shape shape) {
        Map<String, Integer> counts = new HashMap<>(); // looked up, never iterated
        for (Element child : element.children()) {
            Shape.Child known = shape.children().get(child.name());
            if (known == null) {
                add(
                        child,
                        "an element " + child.name() + " has no place in " + element.name(),
                        shape.children().isEmpty()
                                ? "nothing stands inside it"
                                : "in it stand " + String.join(", ", shape.children().keySet()),
                        "move or remove it");
                continue;
            }
            if (counts.merge(child.name(), 1, Integer::sum) == known.most() + 1) {
                add(
                        child,
                        "there is more than one " + child.name(),
                        element.name() + " has one",
                        "join them, or remove one");
            }
            check(child, known.shape());
        }
        for (Map.Entry<String, Shape.Child> child : shape.children().entrySet()) {
            if (child.getValue().least() > counts.getOrDefault(child.getKey(), 0)) {
                add(
                        element,
                        "the element " + child.getKey() + " is missing",
                        "every " + element.name() + " has it",
                        "add <" + child.getKey() + "/>");
            }
        }
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }

    private void add(Element at, String what, String why, String remedy) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(Finding.error(at, what, why, remedy));
        }
    }
}
