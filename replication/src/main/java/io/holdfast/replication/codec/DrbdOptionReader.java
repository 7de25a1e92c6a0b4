package io.holdfast.replication.codec;

import io.holdfast.replication.codec.DrbdOption.Form;
import io.holdfast.replication.codec.DrbdSettings.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads options into settings: checks their values, and tells of those that are not obeyed. Values
 * are shown only where a message needs them, and never those of an option that may be secret.
 */
final class DrbdOptionReader {
    private static final int MAX_DIGITS = 15;

    private final DrbdFindings findings;
    private final DrbdSyntax syntax;

    DrbdOptionReader(DrbdFindings findings) {
        this.findings = findings;
        this.syntax = new DrbdSyntax(findings);
    }

    /** Reads all options of a section such as {@code net { … }}. */
    void section(DrbdStatement section, Map<String, DrbdOption> known, DrbdSettings into) {
        if (!syntax.isSection(section, 0, 0, section.keyword() + " { … }")) {
            return;
        }
        for (DrbdStatement statement : section.statements()) {
            option(statement, section.keyword(), known, into);
        }
    }

    /** Reads one option; one that is not known gets a warning. */
    void option(
            DrbdStatement statement,
            String section,
            Map<String, DrbdOption> known,
            DrbdSettings into) {
        String name = statement.words().getFirst().text();
        boolean negated = name.startsWith("no-") && known.containsKey(name.substring(3));
        DrbdOption option = known.get(negated ? name.substring(3) : name);
        if (option == null) {
            syntax.unknown(statement, section, known.keySet());
            return;
        }
        if (!hasItsForm(statement, option)) {
            return;
        }
        Setting setting = setting(statement, option, negated);
        if (setting != null) {
            Setting before = into.set(setting);
            if (before != null) {
                findings.warning(
                        statement.place(),
                        "\"" + option.name() + "\" is set a second time",
                        "it was set at " + before.place() + "; this line counts",
                        "keep one of the two");
            }
            tellIfNotObeyed(setting);
        }
    }

    private boolean hasItsForm(DrbdStatement statement, DrbdOption option) {
        String name = option.name();
        return switch (option.form()) {
            case Form.YesNo _ -> syntax.isLine(statement, 0, 1, name + " yes;");
            case Form.Words _ -> syntax.isLine(statement, 1, Integer.MAX_VALUE, name + " server1;");
            case Form.Choice(List<String> values) ->
                    syntax.isLine(statement, 1, 1, name + " " + values.getFirst() + ";");
            case Form.Quantity(long min, _, _) ->
                    syntax.isLine(statement, 1, 1, name + " " + Math.max(min, 1) + ";");
            case Form.Text _ -> syntax.isLine(statement, 1, 1, name + " \"…\";");
        };
    }

    private @Nullable Setting setting(DrbdStatement statement, DrbdOption option, boolean negated) {
        DrbdPlace place = statement.place();
        return switch (option.form()) {
            case Form.YesNo _ -> {
                String value = statement.values().isEmpty() ? "yes" : lower(statement.value(0));
                if (!value.equals("yes") && !value.equals("no")) {
                    yield wrongValue(place, option, statement.value(0), "it is yes or no");
                }
                boolean on = value.equals("yes") != negated;
                yield new Setting(option, on ? "yes" : "no", on ? 1 : 0, place);
            }
            case Form.Choice(List<String> values) -> {
                for (String value : values) {
                    if (value.equalsIgnoreCase(statement.value(0))) {
                        yield new Setting(option, value, 0, place);
                    }
                }
                yield wrongValue(
                        place,
                        option,
                        statement.value(0),
                        "it is one of " + String.join(", ", values));
            }
            case Form.Quantity quantity -> quantity(place, option, statement.value(0), quantity);
            case Form.Text _ -> new Setting(option, statement.value(0), 0, place);
            case Form.Words _ -> new Setting(option, statement.value(0), 0, place);
        };
    }

    private @Nullable Setting quantity(
            DrbdPlace place, DrbdOption option, String text, Form.Quantity form) {
        long number = amount(text, form.scale());
        if (number < 0) {
            return wrongValue(
                    place,
                    option,
                    text,
                    "it is a number, perhaps followed by s (512 bytes), K, M or G");
        }
        long unit = unit(form.scale());
        // Compared in the option's own unit, rounded down, as drbdadm does.
        if (number / unit < form.min() || number / unit > form.max()) {
            String of = form.scale() == 'k' ? " KiB" : form.scale() == 's' ? " sectors" : "";
            return wrongValue(
                    place, option, text, "it is " + form.min() + " to " + form.max() + of);
        }
        return new Setting(option, text, number, place);
    }

    /** {@code 10M} in units of one; -1 when it is no amount. */
    static long amount(String text, char scale) {
        int end = text.length();
        char suffix = end == 0 ? 0 : text.charAt(end - 1);
        boolean digit = suffix >= '0' && suffix <= '9';
        if (!digit) {
            end--;
        }
        long unit = digit ? unit(scale) : unit(suffix);
        if (end < 1 || end > MAX_DIGITS || unit == 0) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number > Long.MAX_VALUE / unit ? -1 : number * unit;
    }

    private static long unit(char scale) {
        return switch (scale) {
            case '1' -> 1;
            case 's', 'S' -> 512;
            case 'k', 'K' -> 1L << 10;
            case 'm', 'M' -> 1L << 20;
            case 'g', 'G' -> 1L << 30;
            default -> 0;
        };
    }

    private @Nullable Setting wrongValue(
            DrbdPlace place, DrbdOption option, String value, String rule) {
        findings.mistake(
                place,
                "\"" + value + "\" is no value for " + option.name(),
                rule,
                "correct the value, or remove the line to have the default");
        return null;
    }

    private void tellIfNotObeyed(Setting setting) {
        DrbdOption option = setting.option();
        if (option.instead().isEmpty() || option.agrees().contains(setting.value())) {
            return;
        }
        boolean showValue =
                option.form() instanceof Form.Choice || option.form() instanceof Form.YesNo;
        String shown = showValue ? option.name() + " " + setting.value() : option.name();
        if (option.heeded().contains(setting.value())) {
            findings.warning(
                    setting.place(),
                    "\"" + shown + "\" is unsafe",
                    "with it, " + option.danger(),
                    option.agrees().isEmpty()
                            ? "remove the line, unless that is wanted"
                            : "write \""
                                    + option.name()
                                    + " "
                                    + option.agrees().getFirst()
                                    + ";\", unless that is wanted");
        } else if (option.danger().isEmpty()) {
            findings.warning(
                    setting.place(),
                    "\"" + shown + "\" has no effect",
                    option.instead(),
                    "remove the line, or leave it for DRBD's sake");
        } else {
            findings.warning(
                    setting.place(),
                    "\"" + shown + "\" is unsafe and is not obeyed",
                    "with it, " + option.danger() + "; here " + option.instead(),
                    option.agrees().isEmpty()
                            ? "remove the line"
                            : "write \""
                                    + option.name()
                                    + " "
                                    + option.agrees().getFirst()
                                    + ";\"");
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
