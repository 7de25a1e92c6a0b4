package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The words of an address, route or rule line, taken one after the other as iproute2's commands
 * read them.
 */
final class Options {
    private final List<String> words;
    private final Statement statement;
    private final String kind;
    private final Findings findings;
    private int next;

    /**
     * @param kind for people: {@code address}
     */
    Options(Statement statement, String kind, Findings findings) {
        this.words = statement.words();
        this.statement = statement;
        this.kind = kind;
        this.findings = findings;
    }

    Place place() {
        return statement.place();
    }

    boolean hasNext() {
        return next < words.size();
    }

    String next() {
        return words.get(next++);
    }

    String peek() {
        return words.get(next);
    }

    /** The value of {@code option}; told when the line ends before it. */
    Optional<String> value(String option) {
        if (!hasNext()) {
            error("`" + option + "` has no value", "the line ends after it", "add its value");
            return Optional.empty();
        }
        return Optional.of(next());
    }

    Optional<IpAddress> address(String option) {
        return value(option)
                .flatMap(
                        text -> {
                            Optional<IpAddress> address = IpAddress.parse(text);
                            if (address.isEmpty()) {
                                notA(option, "IP address", text);
                            }
                            return address;
                        });
    }

    OptionalInt integer(String option, int least, int most) {
        OptionalLong number = number(option, least, most);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /** Decimal, or hexadecimal after {@code 0x}. */
    OptionalLong number(String option, long least, long most) {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.decode(text.get().replaceFirst("^0+(?=[1-9])", ""));
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        notA(option, "number from " + least + " to " + most, text.get());
        return OptionalLong.empty();
    }

    void notA(String option, String wanted, String found) {
        error(
                "`" + option + " " + found + "` is left out",
                "`" + found + "` is no " + wanted,
                "write a " + wanted);
    }

    /** Tells of an option that nobody knows. */
    void unknown(String option) {
        error(
                "unknown option `" + option + "`",
                "no " + kind + " of Keepalived has it; the rest of the line is read without it",
                "remove it; one line holds one " + kind);
    }

    void notServed(String option, String why) {
        findings.warning(
                place(),
                "`" + option + "` of " + kind + " `" + words.getFirst() + "` is not served",
                why,
                "remove it");
    }

    void error(String what, String why, String remedy) {
        findings.error(place(), what + " (" + kind + " `" + words.getFirst() + "`)", why, remedy);
    }
}
