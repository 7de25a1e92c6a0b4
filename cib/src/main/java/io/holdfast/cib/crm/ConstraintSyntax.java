package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.crm.Statement.Token;
import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Constraints.
 *
 * <pre>
 * location ID RSC|/PATTERN/|{ SET } [role=ROLE] [resource-discovery=WORD] SCORE: NODE
 * location ID …same… rule …
 * colocation ID SCORE: RSC[:ROLE] WITH[:ROLE] [node-attribute=NAME] [influence=BOOLEAN]
 * order ID [KIND:|SCORE:] FIRST[:ACTION] THEN[:ACTION] [symmetrical=BOOLEAN] [require-all=BOOLEAN]
 * rsc_ticket ID TICKET: RSC[:ROLE] [loss-policy=stop|demote|fence|freeze]
 * </pre>
 *
 * Where two resources (one, in a ticket) stand, {@link ResourceSets} may stand instead.
 */
final class ConstraintSyntax implements Syntax {
    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        String id = in.nextId("constraint");
        Ids ids = new Ids();
        ids.reserve(id);
        Element constraint =
                switch (in.keyword()) {
                    case "location" -> location(in, id, ids);
                    case "order" -> order(in, id, ids);
                    case "rsc_ticket" -> ticket(in, id, ids);
                    default -> colocation(in, id, ids);
                };
        in.expectEnd();
        return List.of(new Definition.OfObject(Section.CONSTRAINTS, constraint));
    }

    private static Element.Builder builder(String tag, String id, Cursor in) {
        return Element.builder(tag).attribute("id", id).line(in.line());
    }

    private static Element location(Cursor in, String id, Ids ids) throws SyntaxMistake {
        Element.Builder location = builder("rsc_location", id, in);
        String resource = in.next("a resource, a /pattern/ or a { set }");
        if (resource.startsWith("/") && resource.endsWith("/") && resource.length() > 2) {
            location.attribute("rsc-pattern", resource.substring(1, resource.length() - 1));
        } else if (resource.startsWith("{")) {
            location.children(ResourceSets.read(in, braced(in, resource), "role", id, ids));
        } else {
            location.attribute("rsc", resource);
        }
        readLocationAttributes(in, location);
        String score = in.takeLabel();
        if (score != null) {
            String value = Scores.toCib(score);
            location.attribute(
                    value == null ? "score-attribute" : "score", value == null ? score : value);
            location.attribute("node", in.next("the node the resource should run on"));
            readLocationAttributes(in, location);
            return location.build();
        }
        List<Element> rules = Rules.read(in, id, ids, "INFINITY");
        if (rules.isEmpty()) {
            throw in.mistake(
                    "the location says neither a score and a node nor a rule",
                    "it would have no effect",
                    "write SCORE: NODE, such as 50: server1, or rule …");
        }
        return location.children(rules).build();
    }

    private static void readLocationAttributes(Cursor in, Element.Builder location)
            throws SyntaxMistake {
        while (in.hasMore()) {
            String word = String.valueOf(in.peek());
            int equals = word.indexOf('=');
            if (equals < 1) {
                return;
            }
            String name = word.substring(word.startsWith("$") ? 1 : 0, equals);
            if (!name.equals("role") && !name.equals("resource-discovery")) {
                throw in.mistake(
                        "'" + name + "' is not understood in a location",
                        "it may have role= and resource-discovery=",
                        "correct the name");
            }
            String value = word.substring(equals + 1);
            location.attribute(name, name.equals("role") ? Roles.toCib(value, in) : value);
            in.next(name);
        }
    }

    /** The words between braces; the first may stick to the opening one. */
    private static List<Token> braced(Cursor in, String first) throws SyntaxMistake {
        List<Token> words = new ArrayList<>();
        String word = first.substring(1);
        while (true) {
            boolean last = word.endsWith("}");
            String name = last ? word.substring(0, word.length() - 1) : word;
            if (!name.isEmpty()) {
                words.add(new Token(name, in.line()));
            }
            if (last) {
                return words;
            }
            word = in.next("a closing }");
        }
    }

    private static Element colocation(Cursor in, String id, Ids ids) throws SyntaxMistake {
        Element.Builder colocation = builder("rsc_colocation", id, in);
        String label = in.takeLabel();
        String score = label == null ? null : Scores.toCib(label);
        if (score == null) {
            throw in.mistake(
                    label == null ? "the colocation has no score" : "'" + label + ":' is no score",
                    "a score says how much the resources want to be together",
                    "write inf: (always), -inf: (never) or a number with a colon");
        }
        colocation.attribute("score", score);
        List<Token> tail = in.takeTail(Set.of("node-attribute", "influence"));
        readPair(in, colocation, id, ids, "rsc", "with-rsc", "role");
        addTail(colocation, tail);
        return colocation.build();
    }

    private static Element order(Cursor in, String id, Ids ids) throws SyntaxMistake {
        Element.Builder order = builder("rsc_order", id, in);
        String label = in.takeLabel();
        if (label != null) {
            order.attribute("kind", kind(in, label));
        }
        List<Token> tail = in.takeTail(Set.of("symmetrical", "require-all"));
        readPair(in, order, id, ids, "first", "then", "action");
        addTail(order, tail);
        return order.build();
    }

    /** Scores are how orders were written before there were kinds: 0 was optional. */
    private static String kind(Cursor in, String label) throws SyntaxMistake {
        String kind = Roles.kind(label);
        if (kind != null) {
            return kind;
        }
        String score = Scores.toCib(label);
        if (score == null) {
            throw in.mistake(
                    "'" + label + ":' is no kind of order",
                    "it is Mandatory, Optional or Serialize",
                    "correct it");
        }
        return score.equals("0") ? "Optional" : "Mandatory";
    }

    private static Element ticket(Cursor in, String id, Ids ids) throws SyntaxMistake {
        Element.Builder ticket = builder("rsc_ticket", id, in);
        String name = in.takeLabel();
        if (name == null) {
            throw in.mistake(
                    "the ticket is missing",
                    "the constraint binds resources to a ticket",
                    "write TICKET: before the resources");
        }
        ticket.attribute("ticket", name);
        List<Token> tail = in.takeTail(Set.of("loss-policy"));
        addTail(ticket, tail);
        if (in.remaining() == 1) {
            reference(in, ticket, "rsc", "role");
        } else {
            ticket.children(ResourceSets.read(in, in.rest(), "role", id, ids));
        }
        return ticket.build();
    }

    private static void readPair(
            Cursor in,
            Element.Builder constraint,
            String id,
            Ids ids,
            String first,
            String second,
            String qualifier)
            throws SyntaxMistake {
        if (in.remaining() < 2) {
            throw in.mistake(
                    "the constraint names fewer than two resources",
                    "it is about how two of them go together",
                    "name two resources, or resource sets");
        }
        if (in.remaining() == 2) {
            reference(in, constraint, first, qualifier);
            reference(in, constraint, second, qualifier);
        } else {
            constraint.children(ResourceSets.read(in, in.rest(), qualifier, id, ids));
        }
    }

    /** {@code RESOURCE[:ROLE|ACTION|INSTANCE]}. */
    private static void reference(
            Cursor in, Element.Builder constraint, String name, String qualifier)
            throws SyntaxMistake {
        String word = in.next("a resource");
        int colon = word.indexOf(':');
        constraint.attribute(name, colon < 0 ? word : word.substring(0, colon));
        if (colon < 0) {
            return;
        }
        String behind = word.substring(colon + 1);
        if (!behind.isEmpty() && behind.chars().allMatch(Character::isDigit)) {
            constraint.attribute(name + "-instance", behind);
        } else if (qualifier.equals("action")) {
            constraint.attribute(name + "-action", Roles.action(behind, in));
        } else {
            constraint.attribute(name + "-role", Roles.toCib(behind, in));
        }
    }

    private static void addTail(Element.Builder constraint, List<Token> tail) {
        for (Token word : tail) {
            int equals = word.text().indexOf('=');
            String value = word.text().substring(equals + 1);
            constraint.attribute(
                    word.text().substring(0, equals),
                    switch (value.toLowerCase(Locale.ROOT)) {
                        case "yes", "on" -> "true";
                        case "no", "off" -> "false";
                        default -> value;
                    });
        }
    }

    @Override
    public @Nullable List<String> print(Element constraint, PrintIds ids) {
        ids.reserve(constraint.id());
        return switch (constraint.name()) {
            case "rsc_location" -> printLocation(constraint, ids);
            case "rsc_colocation" ->
                    List.of(
                            "colocation "
                                    + constraint.id()
                                    + " "
                                    + Scores.toText(constraint.attribute("score", ""))
                                    + ": "
                                    + printPair(constraint, "rsc", "with-rsc", "role")
                                    + printTail(constraint, "node-attribute", "influence"));
            case "rsc_order" -> List.of(printOrder(constraint));
            default -> List.of(printTicket(constraint));
        };
    }

    private static @Nullable List<String> printLocation(Element location, PrintIds ids) {
        StringBuilder head = new StringBuilder("location ").append(location.id()).append(' ');
        String pattern = location.attribute("rsc-pattern");
        if (pattern != null) {
            head.append(Quoting.argument("/" + pattern + "/"));
        } else if (location.has("rsc")) {
            head.append(location.attribute("rsc", ""));
        } else {
            head.append("{ ").append(ResourceSets.print(location, "role", 0)).append(" }");
        }
        for (String name : List.of("role", "resource-discovery")) {
            String value = location.attribute(name);
            if (value != null) {
                head.append(' ').append(Quoting.pair(name, value));
            }
        }
        String node = location.attribute("node");
        if (node != null) {
            String score = location.attribute("score", location.attribute("score-attribute", ""));
            head.append(' ').append(Scores.toText(score)).append(": ").append(Quoting.value(node));
        }
        List<String> lines = new ArrayList<>();
        lines.add(head.toString());
        for (Element rule : location.children("rule")) {
            String text = Rules.print(rule, location.id(), ids);
            if (text == null) {
                return null;
            }
            lines.add(text);
        }
        return lines;
    }

    private static String printOrder(Element order) {
        String kind = order.attribute("kind", order.attribute("score", ""));
        return "order "
                + order.id()
                + " "
                + (kind.isEmpty() ? "" : Scores.toText(kind) + ": ")
                + printPair(order, "first", "then", "action")
                + printTail(order, "symmetrical", "require-all");
    }

    private static String printTicket(Element ticket) {
        String resources =
                ticket.has("rsc")
                        ? printReference(ticket, "rsc", "role")
                        : ResourceSets.print(ticket, "role", 1);
        return "rsc_ticket "
                + ticket.id()
                + " "
                + ticket.attribute("ticket", "")
                + ": "
                + resources
                + printTail(ticket, "loss-policy");
    }

    private static String printPair(
            Element constraint, String first, String second, String qualifier) {
        if (!constraint.has(first)) {
            return ResourceSets.print(constraint, qualifier, 2);
        }
        return printReference(constraint, first, qualifier)
                + " "
                + printReference(constraint, second, qualifier);
    }

    private static String printReference(Element constraint, String name, String qualifier) {
        String behind =
                constraint.attribute(
                        name + "-" + qualifier, constraint.attribute(name + "-instance", ""));
        return constraint.attribute(name, "") + (behind.isEmpty() ? "" : ":" + behind);
    }

    private static String printTail(Element constraint, String... names) {
        StringBuilder tail = new StringBuilder();
        for (String name : names) {
            for (Attribute attribute : constraint.attributes()) {
                if (attribute.name().equals(name)) {
                    tail.append(' ').append(Quoting.pair(name, attribute.value()));
                }
            }
        }
        return tail.toString();
    }
}
