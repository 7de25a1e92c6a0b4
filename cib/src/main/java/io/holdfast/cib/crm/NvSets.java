package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sets of names and values: parameters, meta attributes, utilization, node attributes.
 *
 * <pre>
 * WORD [$id=ID] [SCORE:] [rule …] NAME=VALUE …      WORD: params, meta, utilization, attributes …
 * WORD $id-ref=ID
 * NAME=VALUE may be: $ID:NAME=VALUE (id given), @ID[:NAME] (a pair defined elsewhere), NAME (no value)
 * </pre>
 */
final class NvSets {
    /** Words that end a set wherever it stands. */
    private static final Set<String> KEYWORDS =
            Set.of(
                    "params",
                    "meta",
                    "utilization",
                    "operations",
                    "op",
                    "op_params",
                    "op_meta",
                    "rule",
                    "attributes");

    private static final Pattern PAIR_WITH_ID =
            Pattern.compile("\\$([^:=]+):([^=]+)=(.*)", Pattern.DOTALL);
    private static final Pattern PAIR = Pattern.compile("([^=@$][^=]*)=(.*)", Pattern.DOTALL);
    private static final Pattern REFERENCE = Pattern.compile("@([^:]+)(?::(.+))?");

    private NvSets() {}

    /** The element a word stands for in a resource. */
    static final Map<String, String> OF_RESOURCE =
            Map.of(
                    "params", "instance_attributes",
                    "meta", "meta_attributes",
                    "utilization", "utilization");

    static final Map<String, String> OF_OPERATION =
            Map.of("op_params", "instance_attributes", "op_meta", "meta_attributes");

    static final Map<String, String> OF_NODE =
            Map.of("attributes", "instance_attributes", "utilization", "utilization");

    static final Map<String, String> OF_ALERT =
            Map.of("attributes", "instance_attributes", "meta", "meta_attributes");

    /** Reads what follows the set's word. */
    static Element read(Cursor in, String tag, String owner, Ids ids, Set<String> endWords)
            throws SyntaxMistake {
        Element.Builder set = Element.builder(tag).line(in.line());
        String reference = in.takePrefixed("$id-ref=");
        if (reference != null) {
            return set.attribute("id-ref", reference).build();
        }
        String given = in.takePrefixed("$id=");
        String id = given == null ? ids.take(owner + "-" + tag) : given;
        ids.reserve(id);
        set.attribute("id", id);
        readContent(in, set, id, ids, endWords);
        return set.build();
    }

    /** Reads score, rules and pairs into a set that has its id. */
    static void readContent(
            Cursor in, Element.Builder set, String id, Ids ids, Set<String> endWords)
            throws SyntaxMistake {
        String score = in.takeLabel();
        if (score != null) {
            String value = Scores.toCib(score);
            if (value == null) {
                throw in.mistake(
                        "'" + score + ":' is no score",
                        "a set's score is a number or inf",
                        "write for example 10:");
            }
            set.attribute("score", value);
        }
        set.children(Rules.read(in, id, ids, null));
        readPairs(in, set, id, ids, endWords);
    }

    private static void readPairs(
            Cursor in, Element.Builder set, String id, Ids ids, Set<String> endWords)
            throws SyntaxMistake {
        while (in.hasMore() && !in.peekIsOneOf(KEYWORDS) && !in.peekIsOneOf(endWords)) {
            String word = String.valueOf(in.peek());
            Element pair = pair(word, id, ids);
            if (pair == null) {
                throw in.mistake(
                        "'" + word + "' is no NAME=VALUE",
                        "only pairs may stand here",
                        "write NAME=VALUE, in quotes if the value has spaces");
            }
            set.child(pair.withLine(in.nextLine()));
            in.next("a pair");
        }
    }

    private static @Nullable Element pair(String word, String set, Ids ids) {
        Matcher withId = PAIR_WITH_ID.matcher(word);
        if (withId.matches()) {
            ids.reserve(withId.group(1));
            return nvpair(withId.group(1), withId.group(2), withId.group(3));
        }
        Matcher plain = PAIR.matcher(word);
        if (plain.matches()) {
            String name = plain.group(1);
            return nvpair(ids.take(set + "-" + Ids.part(name)), name, plain.group(2));
        }
        Matcher reference = REFERENCE.matcher(word);
        if (reference.matches()) {
            return Element.builder("nvpair")
                    .attribute("id-ref", reference.group(1))
                    .optional("name", reference.group(2))
                    .build();
        }
        boolean nameAlone = !word.isEmpty() && "=@$:{}".indexOf(word.charAt(0)) < 0;
        return nameAlone && word.indexOf('=') < 0
                ? Element.of("nvpair", "id", ids.take(set + "-" + Ids.part(word)), "name", word)
                : null;
    }

    static Element nvpair(String id, String name, String value) {
        return Element.of("nvpair", "id", id, "name", name, "value", value);
    }

    /** The word of a map for an element, or null. */
    static @Nullable String wordFor(Map<String, String> words, Element element) {
        for (Map.Entry<String, String> word : new java.util.TreeMap<>(words).entrySet()) {
            if (word.getValue().equals(element.name())) {
                return word.getKey();
            }
        }
        return null;
    }

    /** {@code WORD …} as text, or null when the syntax has no words for what is in the set. */
    static @Nullable String print(String word, Element set, String owner, PrintIds ids) {
        if (set.has("id-ref")) {
            return word + " " + Quoting.pair("$id-ref", set.attribute("id-ref", ""));
        }
        StringBuilder text = new StringBuilder(word);
        String id = ids.mark(set, owner + "-" + set.name());
        if (!id.isEmpty()) {
            text.append(' ').append(id);
        }
        List<String> content = printContent(set, ids);
        if (content == null) {
            return null;
        }
        for (String part : content) {
            text.append(' ').append(part);
        }
        return text.toString();
    }

    /** Score, rules and pairs, each a text of its own; null when there are no words for them. */
    static @Nullable List<String> printContent(Element set, PrintIds ids) {
        java.util.ArrayList<String> parts = new java.util.ArrayList<>();
        String score = set.attribute("score");
        if (score != null) {
            parts.add(Scores.toText(score) + ":");
        }
        for (Element rule : set.children("rule")) {
            String text = Rules.print(rule, set.id(), ids);
            if (text == null) {
                return null;
            }
            parts.add(text);
        }
        for (Element pair : set.children()) {
            if (pair.is("nvpair")) {
                parts.add(printPair(pair, set.id(), ids));
            } else if (!pair.is("rule")) {
                return null;
            }
        }
        return parts;
    }

    private static String printPair(Element pair, String set, PrintIds ids) {
        String name = pair.attribute("name", "");
        String reference = pair.attribute("id-ref");
        if (reference != null) {
            return "@" + reference + (name.isEmpty() ? "" : ":" + name);
        }
        String value = pair.attribute("value");
        if (value == null) {
            return name;
        }
        String id = ids.mustShow(pair, set + "-" + Ids.part(name)) ? "$" + pair.id() + ":" : "";
        return id + Quoting.pair(name, value);
    }
}
