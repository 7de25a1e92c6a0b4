package io.holdfast.cib.schema;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of element may hold: attributes with their types, children with their shapes, and
 * rules that tie them together. Built once, then only read.
 */
final class Shape {
    private final Map<String, ValueType> attributes = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();
    private final Map<String, Child> children = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private boolean open;

    /** How often a child may stand, and its shape. */
    record Child(Shape shape, int least, int most) {}

    /** A condition over the whole element; its fault, or null when it holds. */
    interface Rule extends Function<Element, @Nullable String> {}

    /** An attribute that must be there. */
    Shape needs(String name, ValueType type) {
        required.add(name);
        return may(name, type);
    }

    /** An attribute that may be there. */
    Shape may(String name, ValueType type) {
        attributes.put(name, type);
        return this;
    }

    Shape any(String child, Shape shape) {
        return child(child, shape, 0, Integer.MAX_VALUE);
    }

    Shape atMostOne(String child, Shape shape) {
        return child(child, shape, 0, 1);
    }

    Shape exactlyOne(String child, Shape shape) {
        return child(child, shape, 1, 1);
    }

    Shape atLeastOne(String child, Shape shape) {
        return child(child, shape, 1, Integer.MAX_VALUE);
    }

    private Shape child(String name, Shape shape, int least, int most) {
        children.put(name, new Child(shape, least, most));
        return this;
    }

    Shape rule(Rule rule) {
        rules.add(rule);
        return this;
    }

    /** Anything may be inside: the status is written by many versions. */
    Shape open() {
        open = true;
        return this;
    }

    /** At most one of these attributes. */
    Shape notBoth(String first, String second) {
        return rule(
                element ->
                        element.has(first) && element.has(second)
                                ? "it has both " + first + " and " + second
                                : null);
    }

    /** The parts of another shape as well. */
    Shape with(Shape other) {
        attributes.putAll(other.attributes);
        required.addAll(other.required);
        children.putAll(other.children);
        rules.addAll(other.rules);
        return this;
    }

    boolean isOpen() {
        return open;
    }

    @Nullable ValueType attribute(String name) {
        return attributes.get(name);
    }

    List<String> attributeNames() {
        return List.copyOf(attributes.keySet());
    }

    List<String> required() {
        return required;
    }

    Map<String, Child> children() {
        return children;
    }

    List<Rule> rules() {
        return rules;
    }
}
