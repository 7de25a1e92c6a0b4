package io.holdfast.scheduler.rules;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Values;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Whether a rule holds: expressions on attributes, dates, agents and operations, joined by and/or.
 */
public final class Rules {
    /**
     * What a rule may ask about.
     *
     * @param attributes the attributes of the node, or null where rules may not look at nodes
     * @param match what a resource pattern matched, for {@code %1} in names and values
     */
    public record Input(
            Cluster cluster,
            @Nullable Map<String, String> attributes,
            @Nullable Map<String, String> parameters,
            @Nullable Map<String, String> meta,
            @Nullable String agentClass,
            @Nullable String agentProvider,
            @Nullable String agentType,
            @Nullable String operation,
            long intervalMillis,
            @Nullable Matcher match) {
        public static Input of(Cluster cluster) {
            return new Input(cluster, null, null, null, null, null, null, null, 0, null);
        }

        public Input withAttributes(@Nullable Map<String, String> nodeAttributes) {
            return new Input(
                    cluster,
                    nodeAttributes,
                    parameters,
                    meta,
                    agentClass,
                    agentProvider,
                    agentType,
                    operation,
                    intervalMillis,
                    match);
        }
    }

    private Rules() {}

    /** Whether any rule inside holds; true when there is none. */
    public static boolean anyHolds(Element container, Input input) {
        List<Element> rules = container.children("rule");
        if (rules.isEmpty()) {
            return true;
        }
        for (Element rule : rules) {
            if (holds(rule, input)) {
                return true;
            }
        }
        return false;
    }

    public static boolean holds(Element reference, Input input) {
        Element rule = input.cluster().resolve(reference);
        if (rule == null) {
            return false;
        }
        boolean or = "or".equalsIgnoreCase(rule.attribute("boolean-op"));
        boolean any = false;
        for (Element condition : rule.children()) {
            Boolean holds = condition(condition, input);
            if (holds == null) {
                continue;
            }
            any = true;
            if (or && holds) {
                return true;
            }
            if (!or && !holds) {
                return false;
            }
        }
        return !or || !any;
    }

    private static @Nullable Boolean condition(Element condition, Input input) {
        return switch (condition.name()) {
            case "rule" -> holds(condition, input);
            case "expression" -> attribute(condition, input);
            case "date_expression" -> Dates.holds(condition, input.cluster());
            case "rsc_expression" ->
                    matches(condition, "class", input.agentClass())
                            && matches(condition, "provider", input.agentProvider())
                            && matches(condition, "type", input.agentType());
            case "op_expression" ->
                    matches(condition, "name", input.operation())
                            && (!condition.has("interval")
                                    || Values.interval(condition.attribute("interval"))
                                            == input.intervalMillis());
            default -> null;
        };
    }

    private static boolean matches(Element condition, String name, @Nullable String actual) {
        String wanted = condition.attribute(name);
        return wanted == null || wanted.equals(actual);
    }

    private static boolean attribute(Element expression, Input input) {
        String name = expression.attribute("attribute");
        String operation = expression.attribute("operation");
        if (name == null || operation == null || input.attributes() == null) {
            return false;
        }
        name = submatches(name, input.match());
        String actual = input.attributes().get(name);
        String reference = reference(expression, input);
        String type = expression.attribute("type");
        switch (operation) {
            case "defined" -> {
                return actual != null;
            }
            case "not_defined" -> {
                return actual == null;
            }
            default -> {}
        }
        int order = compare(actual, reference, kind(type, operation, actual, reference));
        return switch (operation) {
            case "eq" -> order == 0;
            case "ne" -> order != 0;
            case "lt" -> actual != null && reference != null && order < 0;
            case "lte" -> actual != null && reference != null && order <= 0;
            case "gt" -> actual != null && reference != null && order > 0;
            case "gte" -> actual != null && reference != null && order >= 0;
            default -> false;
        };
    }

    private static @Nullable String reference(Element expression, Input input) {
        String value = expression.attribute("value");
        String source = expression.attribute("value-source", "literal");
        if (value == null) {
            return null;
        }
        value = submatches(value, input.match());
        return switch (source) {
            case "param" -> input.parameters() == null ? null : input.parameters().get(value);
            case "meta" -> input.meta() == null ? null : input.meta().get(value);
            default -> value;
        };
    }

    /** How values are compared when the expression does not say: as numbers only for an order. */
    private static String kind(
            @Nullable String type, String operation, @Nullable String a, @Nullable String b) {
        if (type != null) {
            return type;
        }
        return switch (operation) {
            case "lt", "lte", "gt", "gte" ->
                    (a != null && a.contains(".")) || (b != null && b.contains("."))
                            ? "number"
                            : "integer";
            default -> "string";
        };
    }

    private static int compare(@Nullable String a, @Nullable String b, String kind) {
        if (a == null || b == null) {
            return a == null ? (b == null ? 0 : -1) : 1;
        }
        return switch (kind) {
            case "integer" -> {
                Long x = Values.leadingLong(a);
                Long y = Values.leadingLong(b);
                yield x != null && y != null ? Long.compare(x, y) : a.compareToIgnoreCase(b);
            }
            case "number" -> {
                Double x = leadingDouble(a);
                Double y = leadingDouble(b);
                if (x == null || y == null) {
                    yield a.compareToIgnoreCase(b);
                }
                yield Math.abs(x - y) <= 1e-12 ? 0 : Double.compare(x, y);
            }
            case "version" -> compareVersions(a, b);
            default -> a.compareToIgnoreCase(b);
        };
    }

    private static @Nullable Double leadingDouble(String text) {
        int end = text.length();
        while (end > 0) {
            try {
                return Double.valueOf(text.substring(0, end));
            } catch (NumberFormatException _) {
                end--;
            }
        }
        return null;
    }

    /** Orders dotted versions by the numbers in them. */
    public static int compareVersions(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return a == null ? (b == null ? 0 : -1) : 1;
        }
        String[] x = a.split("\\.", -1);
        String[] y = b.split("\\.", -1);
        for (int i = 0; i < Math.max(x.length, y.length); i++) {
            long p = i < x.length ? Values.number(x[i], 0) : 0;
            long q = i < y.length ? Values.number(y[i], 0) : 0;
            if (p != q) {
                return Long.compare(p, q);
            }
        }
        return 0;
    }

    /** Puts what a resource pattern matched where {@code %0} to {@code %9} stand. */
    public static String submatches(String text, @Nullable Matcher match) {
        if (match == null || text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1))) {
                int group = text.charAt(++i) - '0';
                if (group <= match.groupCount() && match.group(group) != null) {
                    out.append(match.group(group));
                }
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
