package io.holdfast.cib.xml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One element of an immutable XML tree: a name, attributes and children in document order, and
 * text. Changing it makes a new element that shares every untouched child, so a new version of a
 * CIB costs one copy of the path to what changed.
 *
 * <p>Two elements are equal when they mean the same: name, text, children in order, and the same
 * attributes in any order. Comments and the line an element came from are carried along, but do not
 * count.
 *
 * <p>Attributes lie in one flat array, because a CIB's status section is almost all attributes and
 * looking one of a dozen up by comparing references is faster than hashing.
 */
public final class Element {
    private static final String[] NO_ATTRIBUTES = {};

    private final String name;

    /** name, value, name, value …; names interned. */
    private final String[] attributes;

    private final List<Element> children;
    private final String text;
    private final Comments comments;
    private final int line;

    private Element(
            String name,
            String[] attributes,
            List<Element> children,
            String text,
            Comments comments,
            int line) {
        this.name = name;
        this.attributes = attributes;
        this.children = children;
        this.text = text;
        this.comments = comments;
        this.line = line;
    }

    /** An element without children: {@code of("node", "id", "1", "uname", "alpha")}. */
    public static Element of(String name, String... namesAndValues) {
        Builder builder = builder(name);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.attribute(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static Builder builder(String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    public boolean is(String elementName) {
        return name.equals(elementName);
    }

    /** The value of an attribute, or null when the element does not have it. */
    public @Nullable String attribute(String attributeName) {
        int at = indexOf(attributeName);
        return at < 0 ? null : attributes[at + 1];
    }

    public String attribute(String attributeName, String otherwise) {
        int at = indexOf(attributeName);
        return at < 0 ? otherwise : attributes[at + 1];
    }

    public boolean has(String attributeName) {
        return indexOf(attributeName) >= 0;
    }

    /** The {@code id} attribute, or an empty string. */
    public String id() {
        return attribute("id", "");
    }

    public int attributeCount() {
        return attributes.length / 2;
    }

    public List<Attribute> attributes() {
        List<Attribute> all = new ArrayList<>(attributes.length / 2);
        for (int i = 0; i < attributes.length; i += 2) {
            all.add(new Attribute(attributes[i], attributes[i + 1]));
        }
        return all;
    }

    /** The elements inside, in document order. */
    public List<Element> children() {
        return children;
    }

    /** The children with this name, in document order. */
    public List<Element> children(String childName) {
        List<Element> named = null;
        for (Element child : children) {
            if (child.name.equals(childName)) {
                if (named == null) {
                    named = new ArrayList<>(4);
                }
                named.add(child);
            }
        }
        return named == null ? List.of() : named;
    }

    /** The first child with this name, or null. */
    public @Nullable Element child(String childName) {
        for (Element child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        return null;
    }

    /** The first child with this name and this id, or null. */
    public @Nullable Element child(String childName, String id) {
        for (Element child : children) {
            if (child.name.equals(childName) && id.equals(child.attribute("id"))) {
                return child;
            }
        }
        return null;
    }

    /** The first child with this name, or an empty element of this name. */
    public Element childOrEmpty(String childName) {
        Element found = child(childName);
        return found == null ? of(childName) : found;
    }

    /** The text directly inside, without the white space around it; often empty. */
    public String text() {
        return text;
    }

    /** Comments met before this element and at its end; written back, never compared. */
    public Comments comments() {
        return comments;
    }

    /** The line of the document this element began on, or 0 when it was not read from one. */
    public int line() {
        return line;
    }

    /** Visits this element and everything below it, parents first. */
    public void visit(Consumer<Element> visitor) {
        visitor.accept(this);
        for (Element child : children) {
            child.visit(visitor);
        }
    }

    /** This element and everything below it, parents first. */
    public Stream<Element> stream() {
        List<Element> all = new ArrayList<>();
        visit(all::add);
        return all.stream();
    }

    public Element withName(String newName) {
        return new Element(newName.intern(), attributes, children, text, comments, line);
    }

    /** Sets an attribute where it stands, or adds it at the end. */
    public Element withAttribute(String attributeName, String value) {
        int at = indexOf(attributeName);
        if (at >= 0 && attributes[at + 1].equals(value)) {
            return this;
        }
        String[] changed = Arrays.copyOf(attributes, attributes.length + (at < 0 ? 2 : 0));
        int slot = at < 0 ? attributes.length : at;
        changed[slot] = attributeName.intern();
        changed[slot + 1] = value;
        return new Element(name, changed, children, text, comments, line);
    }

    public Element withoutAttribute(String attributeName) {
        int at = indexOf(attributeName);
        if (at < 0) {
            return this;
        }
        String[] changed = new String[attributes.length - 2];
        System.arraycopy(attributes, 0, changed, 0, at);
        System.arraycopy(attributes, at + 2, changed, at, changed.length - at);
        return new Element(name, changed, children, text, comments, line);
    }

    public Element withChildren(List<Element> newChildren) {
        return new Element(name, attributes, List.copyOf(newChildren), text, comments, line);
    }

    /** Adds a child at the end. */
    public Element withChild(Element child) {
        List<Element> changed = new ArrayList<>(children.size() + 1);
        changed.addAll(children);
        changed.add(child);
        return withChildren(changed);
    }

    /** Puts {@code child} where the first child of the same name and id stands, or at the end. */
    public Element withChildById(Element child) {
        return replaceOrAdd(child(child.name, child.id()), child);
    }

    /** Puts {@code child} where the first child of the same name stands, or at the end. */
    public Element withOnlyChild(Element child) {
        return replaceOrAdd(child(child.name), child);
    }

    /** Replaces exactly this child (by identity); the element is unchanged when it is not here. */
    @SuppressWarnings("ReferenceEquality") // equal twins may stand side by side
    public Element withChildReplaced(Element old, Element replacement) {
        List<Element> changed = new ArrayList<>(children);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i) == old) {
                changed.set(i, replacement);
                return withChildren(changed);
            }
        }
        return this;
    }

    /** Leaves exactly this child out (by identity, once). */
    @SuppressWarnings("ReferenceEquality") // equal twins may stand side by side
    public Element withoutChild(Element old) {
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i) == old) {
                List<Element> changed = new ArrayList<>(children);
                changed.remove(i);
                return withChildren(changed);
            }
        }
        return this;
    }

    public Element withText(String newText) {
        return new Element(name, attributes, children, newText, comments, line);
    }

    public Element withComments(Comments newComments) {
        return new Element(name, attributes, children, text, newComments, line);
    }

    public Element withLine(int newLine) {
        return new Element(name, attributes, children, text, comments, newLine);
    }

    /** A builder that begins as this element. */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        for (int i = 0; i < attributes.length; i += 2) {
            builder.attribute(attributes[i], attributes[i + 1]);
        }
        return builder.children(children).text(text).comments(comments).line(line);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Element that
                        && name.equals(that.name)
                        && attributes.length == that.attributes.length
                        && text.equals(that.text)
                        && sameAttributes(that)
                        && children.equals(that.children));
    }

    @Override
    public int hashCode() {
        int sum = 0; // attributes in any order
        for (int i = 0; i < attributes.length; i += 2) {
            sum += attributes[i].hashCode() * 31 ^ attributes[i + 1].hashCode();
        }
        return Objects.hash(name, text, children) + sum;
    }

    /** This element alone, without its children: for messages. */
    @Override
    public String toString() {
        return XmlWriter.startTag(this);
    }

    private boolean sameAttributes(Element that) {
        for (int i = 0; i < attributes.length; i += 2) {
            if (!attributes[i + 1].equals(that.attribute(attributes[i]))) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(String attributeName) {
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i].equals(attributeName)) {
                return i;
            }
        }
        return -1;
    }

    private Element replaceOrAdd(@Nullable Element old, Element child) {
        return old == null ? withChild(child) : withChildReplaced(old, child);
    }

    /**
     * Comments that belong to an element, so that a configuration keeps its owner's notes.
     *
     * @param before those that stand between the previous sibling and this element
     * @param atEnd those after the last child
     */
    public record Comments(List<String> before, List<String> atEnd) {
        public static final Comments NONE = new Comments(List.of(), List.of());

        public Comments {
            before = List.copyOf(before);
            atEnd = List.copyOf(atEnd);
        }
    }

    /** Collects an element; used once, by one thread. */
    public static final class Builder {
        private final String name;
        private String[] attributes = NO_ATTRIBUTES;
        private int used;
        private final List<Element> children = new ArrayList<>(0);
        private String text = "";
        private Comments comments = Comments.NONE;
        private int line;

        private Builder(String name) {
            this.name = name.intern();
        }

        /** Sets or replaces an attribute. */
        public Builder attribute(String attributeName, String value) {
            for (int i = 0; i < used; i += 2) {
                if (attributes[i].equals(attributeName)) {
                    attributes[i + 1] = value;
                    return this;
                }
            }
            return addAttribute(attributeName.intern(), value);
        }

        /** Sets an attribute unless the value is null. */
        public Builder optional(String attributeName, @Nullable String value) {
            return value == null ? this : attribute(attributeName, value);
        }

        public Builder child(Element child) {
            children.add(child);
            return this;
        }

        public Builder children(List<Element> more) {
            children.addAll(more);
            return this;
        }

        public Builder text(String newText) {
            this.text = newText;
            return this;
        }

        public Builder comments(Comments newComments) {
            this.comments = newComments;
            return this;
        }

        public Builder line(int newLine) {
            this.line = newLine;
            return this;
        }

        public Element build() {
            String[] exact = used == 0 ? NO_ATTRIBUTES : Arrays.copyOf(attributes, used);
            return new Element(name, exact, List.copyOf(children), text, comments, line);
        }

        /** For the reader, whose parser has already refused an attribute given twice. */
        Builder addAttribute(String internedName, String value) {
            if (used + 2 > attributes.length) {
                attributes = Arrays.copyOf(attributes, Math.max(8, used * 2));
            }
            attributes[used++] = internedName;
            attributes[used++] = value;
            return this;
        }

        Builder roomForAttributes(int count) {
            if (used == 0) {
                attributes = new String[count * 2];
            }
            return this;
        }
    }
}
