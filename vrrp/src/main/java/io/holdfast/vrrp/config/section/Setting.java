package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.IpAddress;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One statement as its section reads it: values by their type. A value that is none is told and
 * comes back empty, so that the section keeps its default.
 */
final class Setting {
    private final Statement statement;
    private final String owner;
    private final Findings findings;

    /**
     * @param owner what the setting belongs to, for people: {@code vrrp_instance VI_1}
     */
    Setting(Statement statement, String owner, Findings findings) {
        this.statement = statement;
        this.owner = owner;
        this.findings = findings;
    }

    Statement statement() {
        return statement;
    }

    String keyword() {
        return statement.keyword();
    }

    Place place() {
        return statement.place();
    }

    Findings findings() {
        return findings;
    }

    String owner() {
        return owner;
    }

    List<String> values() {
        return statement.values();
    }

    /** The only value; told when there is none, or more. */
    Optional<String> word() {
        if (values().isEmpty()) {
            findings.error(
                    place(),
                    "`" + keyword() + "` of " + owner + " has no value",
                    "Keepalived ends with exit code 2 at such a line; here the default stays",
                    "write `" + keyword() + " VALUE`, or remove the line");
            return Optional.empty();
        }
        noMoreThan(1);
        return Optional.of(values().getFirst());
    }

    /** Tells of values beyond those that the keyword has. */
    void noMoreThan(int most) {
        if (values().size() > most) {
            findings.warning(
                    place(),
                    "`"
                            + String.join(" ", values().subList(most, values().size()))
                            + "` after `"
                            + keyword()
                            + "` has no meaning",
                    most == 0
                            ? "`" + keyword() + "` takes no value; Keepalived passes over it"
                            : "the value of `"
                                    + keyword()
                                    + "` ends before it; Keepalived passes"
                                    + " over it in silence",
                    "remove it, or give it a line of its own");
        }
        if (statement.block().isPresent()) {
            findings.error(
                    place(),
                    "`" + keyword() + "` has no block",
                    "what stands in the braces is left out",
                    "look for a missing } before this line, or remove the braces");
        }
    }

    /** The value as a number. */
    OptionalInt integer(int least, int most) {
        Optional<String> word = word();
        return word.isEmpty() ? OptionalInt.empty() : integer(word.get(), least, most);
    }

    /** A number of a setting with several values. */
    OptionalInt integer(String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return OptionalInt.of(value);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        notA("whole number from " + least + " to " + most, text);
        return OptionalInt.empty();
    }

    /** The value as seconds with decimals, to the microsecond. */
    Optional<Duration> timer(double leastSeconds, double mostSeconds) {
        Optional<String> word = word();
        return word.isEmpty() ? Optional.empty() : timer(word.get(), leastSeconds, mostSeconds);
    }

    Optional<Duration> timer(String text, double leastSeconds, double mostSeconds) {
        // BigDecimal would make gigabytes of 1e999999999.
        if (text.matches("\\d{1,9}(\\.\\d{0,12})?|\\.\\d{1,12}")) {
            long micros = new BigDecimal(text).movePointRight(6).longValue();
            if (micros >= leastSeconds * 1e6 && micros <= mostSeconds * 1e6) {
                return Optional.of(Duration.ofNanos(micros * 1000));
            }
        }
        notA("number of seconds from " + plain(leastSeconds) + " to " + plain(mostSeconds), text);
        return Optional.empty();
    }

    /** {@code on|true|yes}, {@code off|false|no}; without value: on. */
    boolean flag(boolean otherwise) {
        if (values().isEmpty()) {
            noMoreThan(0);
            return true;
        }
        noMoreThan(1);
        return switch (values().getFirst()) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> {
                notA("on, off, true, false, yes or no", values().getFirst());
                yield otherwise;
            }
        };
    }

    Optional<IpAddress> address() {
        return word().flatMap(this::address);
    }

    Optional<IpAddress> address(String text) {
        Optional<IpAddress> address = IpAddress.parse(text);
        if (address.isEmpty()) {
            notA("IP address", text);
        }
        return address;
    }

    /** Tells that a value is not of its kind; the default stays. */
    void notA(String wanted, String found) {
        findings.error(
                place(),
                "`" + keyword() + " " + found + "` of " + owner + " is left out",
                "`" + found + "` is no " + wanted + remark(found),
                "write a " + wanted);
    }

    void error(String what, String why, String remedy) {
        findings.error(place(), what, why, remedy);
    }

    void warning(String what, String why, String remedy) {
        findings.warning(place(), what, why, remedy);
    }

    private static String remark(String found) {
        return found.endsWith(";") ? "; statements end with the line, not with a semicolon" : "";
    }

    private static String plain(double seconds) {
        return BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
    }
}
