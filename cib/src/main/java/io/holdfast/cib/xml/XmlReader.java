package io.holdfast.cib.xml;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a document into an {@link Element}: no DTD, no entities but the five built in, bounded
 * depth and size. What is wrong is told with file, line and column.
 *
 * <p>Comments are kept (see {@link Element.Comments}), processing instructions are not.
 */
public final class XmlReader {
    private static final XMLInputFactory FACTORY = hardenedFactory();

    private final String source;
    private final XmlLimits limits;
    private final XMLStreamReader events;

    /** Open elements, outermost first. */
    private final ArrayDeque<Open> open = new ArrayDeque<>();

    /** Values repeat ("0", "true", node names) thousands of times in a status section. */
    private final Map<String, String> values = new HashMap<>();

    private List<String> pendingComments = new ArrayList<>(0);
    private int elements;

    private XmlReader(String source, XmlLimits limits, XMLStreamReader events) {
        this.source = source;
        this.limits = limits;
        this.events = events;
    }

    /** Reads a file of at most {@link XmlLimits#CIB}. */
    public static Element file(Path file) {
        byte[] bytes;
        try {
            long size = Files.size(file);
            if (size > XmlLimits.CIB.bytes()) {
                throw tooLong(file.toString(), XmlLimits.CIB);
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw problem(
                    "the XML file cannot be read",
                    file.toString(),
                    "there is no such file",
                    "check the path",
                    e);
        } catch (IOException e) {
            throw problem(
                    "the XML file cannot be read",
                    file.toString(),
                    String.valueOf(e.getMessage()),
                    "check the path and its permissions",
                    e);
        }
        return bytes(bytes, file.toString(), XmlLimits.CIB);
    }

    /**
     * Reads a whole document.
     *
     * @param source what to call it in messages
     */
    public static Element bytes(byte[] document, String source, XmlLimits limits) {
        if (document.length > limits.bytes()) {
            throw tooLong(source, limits);
        }
        InputStream in = new ByteArrayInputStream(document);
        return read(source, limits, () -> FACTORY.createXMLStreamReader(in));
    }

    /** Reads a document held as text, whatever encoding its declaration may claim. */
    public static Element string(String document, String source) {
        if (document.length() > XmlLimits.CIB.bytes()) {
            throw tooLong(source, XmlLimits.CIB);
        }
        Reader in = new StringReader(document);
        return read(source, XmlLimits.CIB, () -> FACTORY.createXMLStreamReader(in));
    }

    /** Reads a document held as text, called {@code XML} in messages. */
    public static Element string(String document) {
        return string(document, "XML");
    }

    private interface Opening {
        XMLStreamReader open() throws XMLStreamException;
    }

    private static Element read(String source, XmlLimits limits, Opening opening) {
        try {
            XMLStreamReader events = opening.open();
            try {
                return new XmlReader(source, limits, events).document();
            } finally {
                events.close();
            }
        } catch (XMLStreamException e) {
            throw malformed(source, e);
        } catch (RuntimeException e) {
            if (e instanceof ProblemException) {
                throw e;
            }
            // The platform's parser lets a few faults of the input escape as unchecked exceptions.
            throw problem(
                    "the document is not well-formed XML",
                    source,
                    String.valueOf(e.getMessage()),
                    "check that the file is complete and is XML",
                    e);
        }
    }

    private Element document() throws XMLStreamException {
        while (events.hasNext()) {
            switch (events.next()) {
                case XMLStreamConstants.START_ELEMENT -> start();
                case XMLStreamConstants.END_ELEMENT -> {
                    Element finished = end();
                    if (open.isEmpty()) {
                        readToTheEnd();
                        return finished;
                    }
                    open.getLast().children.add(finished);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text();
                case XMLStreamConstants.COMMENT -> pendingComments.add(events.getText());
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw refused(
                                "a document type or entity definition is not accepted",
                                "remove the DOCTYPE and write the text itself");
                default -> {} // processing instructions, white space outside the root
            }
        }
        throw refused("the document has no element", "check that the file is complete");
    }

    /** What follows the root must be well-formed too: half of a second document is damage. */
    private void readToTheEnd() throws XMLStreamException {
        while (events.hasNext()) {
            events.next();
        }
    }

    private void start() {
        if (open.size() >= limits.depth()) {
            throw refused(
                    "elements are nested deeper than " + limits.depth(), "flatten the document");
        }
        if (++elements > limits.elements()) {
            throw refused(
                    "there are more than " + limits.elements() + " elements", "split the document");
        }
        int attributes = events.getAttributeCount();
        if (attributes > limits.attributes()) {
            throw refused(
                    "an element has more than " + limits.attributes() + " attributes",
                    "use nvpair elements");
        }
        Element.Builder builder =
                Element.builder(qualified(events.getPrefix(), events.getLocalName()))
                        .line(events.getLocation().getLineNumber())
                        .roomForAttributes(attributes);
        for (int i = 0; i < attributes; i++) {
            String name = qualified(events.getAttributePrefix(i), events.getAttributeLocalName(i));
            builder.addAttribute(name.intern(), shared(events.getAttributeValue(i)));
        }
        open.addLast(new Open(builder, takeComments()));
    }

    private Element end() {
        Open ended = open.removeLast();
        List<String> atEnd = takeComments();
        if (!ended.commentsBefore.isEmpty() || !atEnd.isEmpty()) {
            ended.builder.comments(new Element.Comments(ended.commentsBefore, atEnd));
        }
        return ended.builder.children(ended.children).text(ended.text.toString().strip()).build();
    }

    private void text() {
        if (!open.isEmpty() && !events.isWhiteSpace()) {
            open.getLast()
                    .text
                    .append(
                            events.getTextCharacters(),
                            events.getTextStart(),
                            events.getTextLength());
        }
    }

    private List<String> takeComments() {
        if (pendingComments.isEmpty()) {
            return List.of();
        }
        List<String> taken = pendingComments;
        pendingComments = new ArrayList<>(0);
        return taken;
    }

    private String shared(String value) {
        if (value.length() > 64) {
            return value;
        }
        String known = values.putIfAbsent(value, value);
        return known == null ? value : known;
    }

    private static String qualified(String prefix, String localName) {
        return prefix == null || prefix.isEmpty() ? localName : prefix + ":" + localName;
    }

    private ProblemException refused(String why, String remedy) {
        Location at = events.getLocation();
        return problem(
                "the document is refused",
                position(source, at.getLineNumber(), at.getColumnNumber()),
                why,
                remedy,
                null);
    }

    private static ProblemException malformed(String source, XMLStreamException e) {
        Location at = e.getLocation();
        String object =
                at == null ? source : position(source, at.getLineNumber(), at.getColumnNumber());
        return problem(
                "the document is not well-formed XML",
                object,
                parserText(String.valueOf(e.getMessage())),
                "mend that place, or restore the file from a copy",
                e);
    }

    /** The platform wraps its sentence in "ParseError at [row,col] … Message: …". */
    private static String parserText(String message) {
        int at = message.indexOf("Message: ");
        String text = at < 0 ? message : message.substring(at + "Message: ".length());
        text = text.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String position(String source, int line, int column) {
        return source + ", line " + line + ", column " + column;
    }

    private static ProblemException tooLong(String source, XmlLimits limits) {
        return problem(
                "the document is refused",
                source,
                "it is longer than " + limits.bytes() + " bytes",
                "check that it is the right file",
                null);
    }

    private static ProblemException problem(
            String what,
            String object,
            String why,
            String remedy,
            @org.jspecify.annotations.Nullable Throwable cause) {
        Problem problem = new Problem(what, object, why, remedy);
        return cause == null ? new ProblemException(problem) : new ProblemException(problem, cause);
    }

    private static XMLInputFactory hardenedFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        return factory;
    }

    /** An element whose end tag has not been met. */
    private static final class Open {
        final Element.Builder builder;
        final List<String> commentsBefore;
        final List<Element> children = new ArrayList<>();
        final StringBuilder text = new StringBuilder(0);

        Open(Element.Builder builder, List<String> commentsBefore) {
            this.builder = builder;
            this.commentsBefore = commentsBefore;
        }
    }
}
