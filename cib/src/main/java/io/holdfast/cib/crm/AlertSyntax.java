package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Programs to run when something happens.
 *
 * <pre>
 * alert ID PATH [description=…] [attributes …] [meta …]
 *       [select [nodes] [fencing] [resources] [attributes { NAME … }]]
 *       [to [{] RECIPIENT [description=…] [attributes …] [meta …] [}]] …
 * </pre>
 */
final class AlertSyntax implements Syntax {
    private static final Set<String> END_WORDS = Set.of("to", "select", "}");

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        String id = in.nextId("alert");
        Ids ids = new Ids();
        ids.reserve(id);
        Element.Builder alert =
                Element.builder("alert")
                        .attribute("id", id)
                        .attribute("path", in.next("the path of the program"))
                        .optional("description", in.takePrefixed("description="))
                        .line(in.line());
        int recipients = 0;
        while (in.hasMore()) {
            if (in.take("to")) {
                alert.child(recipient(in, id + "-recipient-" + ++recipients, ids));
            } else if (in.take("select")) {
                alert.child(selection(in, id, ids));
            } else {
                alert.child(set(in, id, ids));
            }
        }
        return List.of(new Definition.OfObject(Section.ALERTS, alert.build()));
    }

    private static Element set(Cursor in, String owner, Ids ids) throws SyntaxMistake {
        String word = in.next("attributes or meta").toLowerCase(Locale.ROOT);
        String tag = NvSets.OF_ALERT.get(word);
        if (tag == null) {
            throw in.mistake(
                    "'" + word + "' is not understood in an alert",
                    "its parts are attributes, meta, select and to",
                    "correct the word");
        }
        return NvSets.read(in, tag, owner, ids, END_WORDS);
    }

    private static Element recipient(Cursor in, String id, Ids ids) throws SyntaxMistake {
        boolean braced = in.take("{");
        ids.reserve(id);
        Element.Builder recipient =
                Element.builder("recipient")
                        .attribute("id", id)
                        .attribute("value", in.next("a recipient"))
                        .optional("description", in.takePrefixed("description="));
        while (in.peekIsOneOf(NvSets.OF_ALERT.keySet())) {
            recipient.child(set(in, id, ids));
        }
        if (braced && !in.take("}")) {
            throw in.mistake("the recipient's { is not closed", "it has no end", "add } behind it");
        }
        return recipient.build();
    }

    private static Element selection(Cursor in, String id, Ids ids) throws SyntaxMistake {
        Element.Builder selection = Element.builder("select");
        while (in.hasMore()) {
            if (in.take("nodes")) {
                selection.child(Element.of("select_nodes"));
            } else if (in.take("fencing")) {
                selection.child(Element.of("select_fencing"));
            } else if (in.take("resources")) {
                selection.child(Element.of("select_resources"));
            } else if (in.peekIs("attributes")) {
                in.next("attributes");
                if (!in.take("{")) {
                    throw in.mistake(
                            "the attributes to select are not in braces",
                            "only braces tell them from the alert's own attributes",
                            "write attributes { NAME … }, or put the alert's own before select");
                }
                Element.Builder attributes = Element.builder("select_attributes");
                while (!in.take("}")) {
                    String name = in.next("a node attribute or }");
                    attributes.child(Element.of("attribute", "name", name, "id", ids.take(id)));
                }
                selection.child(attributes.build());
            } else {
                break;
            }
        }
        return selection.build();
    }

    @Override
    public @Nullable List<String> print(Element alert, PrintIds ids) {
        ids.reserve(alert.id());
        List<String> lines = new ArrayList<>();
        lines.add("alert " + alert.id() + " " + Quoting.always(alert.attribute("path", "")));
        String description = alert.attribute("description");
        if (description != null) {
            lines.add(Quoting.pair("description", description));
        }
        // What stands behind a recipient would be taken for its own: the alert's own come first.
        for (Element part : alert.children()) {
            String word = NvSets.wordFor(NvSets.OF_ALERT, part);
            if (word != null && !addIfPrintable(lines, NvSets.print(word, part, alert.id(), ids))) {
                return null;
            }
        }
        for (Element part : alert.children("select")) {
            lines.add(printSelection(part, alert.id(), ids));
        }
        for (Element part : alert.children("recipient")) {
            if (!addIfPrintable(lines, printRecipient(part, ids))) {
                return null;
            }
        }
        return lines;
    }

    private static boolean addIfPrintable(List<String> lines, @Nullable String line) {
        if (line != null) {
            lines.add(line);
        }
        return line != null;
    }

    private static String printSelection(Element selection, String alert, PrintIds ids) {
        StringBuilder text = new StringBuilder("select");
        for (Element kind : selection.children()) {
            text.append(' ').append(kind.name().replace("select_", ""));
            if (kind.is("select_attributes")) {
                text.append(" {");
                for (Element attribute : kind.children()) {
                    ids.mustShow(attribute, alert);
                    text.append(' ').append(Quoting.value(attribute.attribute("name", "")));
                }
                text.append(" }");
            }
        }
        return text.toString();
    }

    private static @Nullable String printRecipient(Element recipient, PrintIds ids) {
        StringBuilder text =
                new StringBuilder("to ").append(Quoting.always(recipient.attribute("value", "")));
        String description = recipient.attribute("description");
        if (description != null) {
            text.append(' ').append(Quoting.pair("description", description));
        }
        for (Element set : recipient.children()) {
            String word = NvSets.wordFor(NvSets.OF_ALERT, set);
            String part = word == null ? null : NvSets.print(word, set, recipient.id(), ids);
            if (part == null) {
                return null;
            }
            text.append(' ').append(part);
        }
        return text.toString();
    }
}
