package io.holdfast.cib.xml;

import java.util.List;

/**
 * Writes a tree as text: two spaces a level, childless elements closed at once, as cibadmin prints
 * it.
 */
public final class XmlWriter {
    private XmlWriter() {}

    /** The tree over many lines, ending with a line end, without an XML declaration. */
    public static String indented(Element root) {
        StringBuilder out = new StringBuilder(4096);
        writeIndented(root, 0, out);
        return out.toString();
    }

    /** The tree on one line, without any white space that was not in it. */
    public static String compact(Element root) {
        StringBuilder out = new StringBuilder(1024);
        writeCompact(root, out);
        return out.toString();
    }

    /** The element's own tag, closed: for messages. */
    static String startTag(Element element) {
        StringBuilder out = new StringBuilder(64);
        openTag(element, out);
        return out.append("/>").toString();
    }

    private static void writeIndented(Element element, int depth, StringBuilder out) {
        comments(element.comments().before(), depth, out);
        indent(depth, out);
        openTag(element, out);
        boolean lines = !element.children().isEmpty() || !element.comments().atEnd().isEmpty();
        if (!lines && element.text().isEmpty()) {
            out.append("/>\n");
            return;
        }
        out.append('>');
        escapeText(element.text(), out);
        if (lines) {
            out.append('\n');
            for (Element child : element.children()) {
                writeIndented(child, depth + 1, out);
            }
            comments(element.comments().atEnd(), depth + 1, out);
            indent(depth, out);
        }
        out.append("</").append(element.name()).append(">\n");
    }

    private static void writeCompact(Element element, StringBuilder out) {
        for (String comment : element.comments().before()) {
            comment(comment, out);
        }
        openTag(element, out);
        List<String> atEnd = element.comments().atEnd();
        if (element.children().isEmpty() && element.text().isEmpty() && atEnd.isEmpty()) {
            out.append("/>");
            return;
        }
        out.append('>');
        escapeText(element.text(), out);
        for (Element child : element.children()) {
            writeCompact(child, out);
        }
        for (String comment : atEnd) {
            comment(comment, out);
        }
        out.append("</").append(element.name()).append('>');
    }

    private static void openTag(Element element, StringBuilder out) {
        out.append('<').append(element.name());
        for (Attribute attribute : element.attributes()) {
            out.append(' ').append(attribute.name()).append("=\"");
            escapeAttribute(attribute.value(), out);
            out.append('"');
        }
    }

    private static void comments(List<String> comments, int depth, StringBuilder out) {
        for (String text : comments) {
            indent(depth, out);
            comment(text, out);
            out.append('\n');
        }
    }

    private static void comment(String text, StringBuilder out) {
        out.append("<!--").append(text).append("-->");
    }

    private static void indent(int depth, StringBuilder out) {
        for (int i = 0; i < depth; i++) {
            out.append("  ");
        }
    }

    /**
     * Escapes for a double-quoted attribute value; line ends and tabs must survive normalisation.
     */
    public static void escapeAttribute(String value, StringBuilder out) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                case '\r' -> out.append("&#13;");
                case '\t' -> out.append("&#9;");
                default -> out.append(c);
            }
        }
    }

    private static void escapeText(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\r' -> out.append("&#13;");
                default -> out.append(c);
            }
        }
    }
}
