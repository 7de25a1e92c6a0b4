package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules, in locations and in attribute sets.
 *
 * <pre>
 * rule [$id=ID] [$role=ROLE] [SCORE:] EXPRESSION [and|or EXPRESSION …]
 * rule $id-ref=ID
 * EXPRESSION: ATTRIBUTE [TYPE:]lt|gt|lte|gte|eq|ne VALUE
 *             defined|not_defined ATTRIBUTE
 *             date lt|gt DATE
 *             date in [start=DATE] [end=DATE] [hours=N …]
 *             date spec hours=RANGE …
 * </pre>
 */
final class Rules {
    private static final Set<String> COMPARISONS = Set.of("lt", "gt", "lte", "gte", "eq", "ne");
    private static final Set<String> TYPES = Set.of("string", "integer", "number", "version");
    private static final Set<String> UNARY = Set.of("defined", "not_defined");
    private static final Set<String> PERIODS =
            Set.of(
                    "seconds",
                    "minutes",
                    "hours",
                    "monthdays",
                    "weekdays",
                    "yearsdays",
                    "yeardays",
                    "days",
                    "months",
                    "weeks",
                    "years",
                    "weekyears",
                    "moon");

    private Rules() {}

    /** Reads every rule that follows. */
    static List<Element> read(Cursor in, String owner, Ids ids, @Nullable String scoreWhenNone)
            throws SyntaxMistake {
        List<Element> rules = new ArrayList<>();
        while (in.take("rule")) {
            rules.add(readRule(in, owner, ids, scoreWhenNone));
        }
        return rules;
    }

    private static Element readRule(
            Cursor in, String owner, Ids ids, @Nullable String scoreWhenNone) throws SyntaxMistake {
        Element.Builder rule = Element.builder("rule").line(in.line());
        String reference = in.takePrefixed("$id-ref=");
        if (reference != null) {
            return rule.attribute("id-ref", reference).build();
        }
        String given = in.takePrefixed("$id=");
        String id = given == null ? ids.take(owner + "-rule") : given;
        ids.reserve(id);
        rule.attribute("id", id);
        String role = in.takePrefixed("$role=");
        role = role == null ? in.takePrefixed("role=") : role;
        if (role != null) {
            rule.attribute("role", Roles.toCib(role, in));
        }
        String label = in.takeLabel();
        if (label != null) {
            String score = Scores.toCib(label);
            rule.attribute(
                    score == null ? "score-attribute" : "score", score == null ? label : score);
        } else if (scoreWhenNone != null) {
            rule.attribute("score", scoreWhenNone);
        }
        readExpressions(in, rule, id, ids);
        return rule.build();
    }

    private static void readExpressions(Cursor in, Element.Builder rule, String id, Ids ids)
            throws SyntaxMistake {
        List<Element> expressions = new ArrayList<>();
        String joinedBy = null;
        do {
            expressions.add(readExpression(in, id, ids));
            String word = in.peek();
            if (word == null || !(word.equalsIgnoreCase("and") || word.equalsIgnoreCase("or"))) {
                break;
            }
            if (joinedBy != null && !joinedBy.equalsIgnoreCase(word)) {
                throw in.mistake(
                        "'and' and 'or' are mixed in one rule",
                        "a rule joins all its expressions by one of them",
                        "write two rules");
            }
            joinedBy = in.next("and or or").toLowerCase(Locale.ROOT);
        } while (true);
        if (joinedBy != null && !joinedBy.equals("and")) {
            rule.attribute("boolean-op", joinedBy);
        }
        rule.children(expressions);
    }

    private static Element readExpression(Cursor in, String rule, Ids ids) throws SyntaxMistake {
        String id = ids.take(rule + "-expression");
        if (in.take("date")) {
            return readDate(in, id, ids);
        }
        Element.Builder expression = Element.builder("expression").attribute("id", id);
        if (in.peekIsOneOf(UNARY)) {
            String operation = in.next("defined or not_defined").toLowerCase(Locale.ROOT);
            return expression
                    .attribute("operation", operation)
                    .attribute("attribute", in.next("a node attribute"))
                    .build();
        }
        expression.attribute("attribute", in.next("a node attribute"));
        readComparison(in, expression);
        String value = in.next("a value to compare with");
        int brace = value.indexOf('{');
        if (brace > 0 && value.endsWith("}")) {
            expression.attribute("value", value.substring(brace + 1, value.length() - 1));
            expression.attribute("value-source", value.substring(0, brace));
        } else {
            expression.attribute("value", value);
        }
        return expression.build();
    }

    private static void readComparison(Cursor in, Element.Builder expression) throws SyntaxMistake {
        String word = in.peek();
        String comparison = word == null ? "" : word.toLowerCase(Locale.ROOT);
        int colon = comparison.indexOf(':');
        String type = colon < 0 ? null : comparison.substring(0, colon);
        String operation = comparison.substring(colon + 1);
        if (!COMPARISONS.contains(operation) || (type != null && !TYPES.contains(type))) {
            throw in.mistake(
                    word == null ? "the rule ends too early" : "'" + word + "' is no comparison",
                    "a comparison is lt, gt, lte, gte, eq or ne, with string:, integer:, number:"
                            + " or version: before it if need be",
                    "write for example: #uname eq NODE");
        }
        in.next("a comparison");
        expression.attribute("operation", operation).optional("type", type);
    }

    private static Element readDate(Cursor in, String id, Ids ids) throws SyntaxMistake {
        Element.Builder date = Element.builder("date_expression").attribute("id", id);
        String word = in.next("lt, gt, in or spec").toLowerCase(Locale.ROOT);
        switch (word) {
            case "lt" -> date.attribute("operation", "lt").attribute("end", in.next("a date"));
            case "gt" -> date.attribute("operation", "gt").attribute("start", in.next("a date"));
            case "in", "in_range" -> {
                date.attribute("operation", "in_range");
                readPeriods(in, date, "duration", id, ids);
            }
            case "spec", "date_spec" -> {
                date.attribute("operation", "date_spec");
                readPeriods(in, date, "date_spec", id, ids);
            }
            default ->
                    throw in.mistake(
                            "'" + word + "' is no date operation",
                            "it is lt, gt, in or spec",
                            "write for example: date spec hours=9-16");
        }
        return date.build();
    }

    private static void readPeriods(Cursor in, Element.Builder date, String tag, String id, Ids ids)
            throws SyntaxMistake {
        Element.Builder periods = null;
        boolean any = false;
        while (in.hasMore()) {
            String word = String.valueOf(in.peek());
            int equals = word.indexOf('=');
            String name = equals < 0 ? "" : word.substring(0, equals).toLowerCase(Locale.ROOT);
            boolean limit = name.equals("start") || name.equals("end");
            if (!limit && !PERIODS.contains(name)) {
                break;
            }
            any = true;
            String value = in.next("a period").substring(equals + 1);
            if (limit) {
                date.attribute(name, value);
            } else {
                if (periods == null) {
                    periods = Element.builder(tag).attribute("id", ids.take(id + "-" + tag));
                }
                periods.attribute(name, value);
            }
        }
        if (!any) {
            throw in.mistake(
                    "the date says nothing",
                    "start=, end= or periods such as hours=9-16 are missing",
                    "write for example: date in start=2030-01-01 end=2030-02-01");
        }
        if (periods != null) {
            date.child(periods.build());
        }
    }

    /** {@code rule …} as text, or null when the syntax has no words for it. */
    static @Nullable String print(Element rule, String owner, PrintIds ids) {
        if (rule.has("id-ref")) {
            return "rule " + Quoting.pair("$id-ref", rule.attribute("id-ref", ""));
        }
        StringBuilder text = new StringBuilder("rule");
        String id = ids.mark(rule, owner + "-rule");
        if (!id.isEmpty()) {
            text.append(' ').append(id);
        }
        String role = rule.attribute("role");
        if (role != null) {
            text.append(' ').append(Quoting.pair("$role", role));
        }
        String score = rule.attribute("score", rule.attribute("score-attribute", ""));
        if (!score.isEmpty() && !score.equals("INFINITY")) {
            text.append(' ').append(Scores.toText(score)).append(':');
        } else if (score.equals("INFINITY") && !ids.isLocation()) {
            text.append(" inf:");
        }
        String between = " ";
        for (Element expression : rule.children()) {
            String one = printExpression(expression);
            if (one == null) {
                return null;
            }
            text.append(between).append(one);
            between = " " + rule.attribute("boolean-op", "and") + " ";
        }
        return text.toString();
    }

    private static @Nullable String printExpression(Element expression) {
        if (expression.is("date_expression")) {
            return printDate(expression);
        }
        if (!expression.is("expression")) {
            return null; // nested rules, resource and operation expressions
        }
        String attribute = expression.attribute("attribute", "");
        String operation = expression.attribute("operation", "");
        String type = expression.attribute("type");
        String value = expression.attribute("value");
        if (UNARY.contains(operation)) {
            return operation + " " + word(attribute);
        }
        if (value == null) {
            return null;
        }
        String source = expression.attribute("value-source");
        String shown = source == null ? value : source + "{" + value + "}";
        return word(attribute)
                + " "
                + (type == null ? operation : type + ":" + operation)
                + " "
                + word(shown);
    }

    /** {@code #uname} needs no quotes inside a statement. */
    private static String word(String text) {
        return text.startsWith("#") && !text.contains(" ")
                ? "#" + Quoting.argument(text.substring(1))
                : Quoting.argument(text);
    }

    private static String printDate(Element date) {
        String operation = date.attribute("operation", "");
        StringBuilder text = new StringBuilder("date ");
        switch (operation) {
            case "lt" -> text.append("lt ").append(Quoting.value(date.attribute("end", "")));
            case "gt" -> text.append("gt ").append(Quoting.value(date.attribute("start", "")));
            default -> {
                text.append(operation.equals("in_range") ? "in" : "spec");
                for (String limit : List.of("start", "end")) {
                    String value = date.attribute(limit);
                    if (value != null) {
                        text.append(' ').append(Quoting.pair(limit, value));
                    }
                }
                for (Element periods : date.children()) {
                    for (Attribute period : periods.attributes()) {
                        if (!period.name().equals("id")) {
                            text.append(' ').append(Quoting.pair(period.name(), period.value()));
                        }
                    }
                }
            }
        }
        return text.toString();
    }
}
