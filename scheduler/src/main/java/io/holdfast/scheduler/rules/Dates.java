package io.holdfast.scheduler.rules;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Values;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates of rules: ISO 8601 points in time, durations, and specifications like cron's. */
public final class Dates {
    private Dates() {}

    static boolean holds(Element expression, Cluster cluster) {
        OffsetDateTime now = Instant.ofEpochSecond(cluster.now).atOffset(ZoneOffset.UTC);
        OffsetDateTime start = parse(expression.attribute("start"));
        OffsetDateTime end = parse(expression.attribute("end"));
        Element duration = cluster.resolve(expression.child("duration"));
        return switch (expression.attribute("operation", "in_range").toLowerCase(Locale.ROOT)) {
            case "in_range" -> {
                if (start == null && end == null) {
                    yield false;
                }
                if (end == null && start != null && duration != null) {
                    end = plus(start, duration);
                }
                if (start != null && now.isBefore(start)) {
                    cluster.recheckAt(start.toEpochSecond());
                    yield false;
                }
                if (end != null) {
                    if (now.isAfter(end)) {
                        yield false;
                    }
                    cluster.recheckAt(end.toEpochSecond() + 1);
                }
                yield true;
            }
            case "gt" -> {
                if (start == null) {
                    yield false;
                }
                if (now.isAfter(start)) {
                    yield true;
                }
                cluster.recheckAt(start.toEpochSecond() + 1);
                yield false;
            }
            case "lt" -> {
                if (end != null && now.isBefore(end)) {
                    cluster.recheckAt(end.toEpochSecond());
                    yield true;
                }
                yield false;
            }
            case "date_spec" -> {
                Element specification = cluster.resolve(expression.child("date_spec"));
                yield specification != null && within(specification, now);
            }
            default -> false;
        };
    }

    private static boolean within(Element specification, OffsetDateTime now) {
        return in(specification, "seconds", now.getSecond())
                && in(specification, "minutes", now.getMinute())
                && in(specification, "hours", now.getHour())
                && in(specification, "monthdays", now.getDayOfMonth())
                && in(specification, "weekdays", now.getDayOfWeek().getValue())
                && in(specification, "yeardays", now.getDayOfYear())
                && in(specification, "months", now.getMonthValue())
                && in(specification, "weeks", now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))
                && in(specification, "years", now.getYear())
                && in(specification, "weekyears", now.get(IsoFields.WEEK_BASED_YEAR));
    }

    private static boolean in(Element specification, String unit, int actual) {
        String range = specification.attribute(unit);
        if (range == null) {
            return true;
        }
        int dash = range.indexOf('-', 1);
        if (dash < 0) {
            return Values.integer(range, -1) == actual;
        }
        int low = Values.integer(range.substring(0, dash), Integer.MIN_VALUE);
        String above = range.substring(dash + 1);
        int high = above.isEmpty() ? Integer.MAX_VALUE : Values.integer(above, Integer.MAX_VALUE);
        return actual >= low && actual <= high;
    }

    private static OffsetDateTime plus(OffsetDateTime start, Element duration) {
        return start.plus(
                        Period.of(
                                Values.integer(duration.attribute("years"), 0),
                                Values.integer(duration.attribute("months"), 0),
                                Values.integer(duration.attribute("weeks"), 0) * 7
                                        + Values.integer(duration.attribute("days"), 0)))
                .plusHours(Values.integer(duration.attribute("hours"), 0))
                .plusMinutes(Values.integer(duration.attribute("minutes"), 0))
                .plusSeconds(Values.integer(duration.attribute("seconds"), 0));
    }

    /** A point in time: calendar, ordinal or week date, with or without time and offset. */
    public static @Nullable OffsetDateTime parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String trimmed = text.strip();
        try {
            if (trimmed.equals("epoch")) {
                return Instant.EPOCH.atOffset(ZoneOffset.UTC);
            }
            int split = separator(trimmed);
            String datePart = split < 0 ? trimmed : trimmed.substring(0, split);
            String timePart = split < 0 ? "" : trimmed.substring(split + 1).strip();
            return timed(date(datePart), timePart);
        } catch (DateTimeException | NumberFormatException | StringIndexOutOfBoundsException _) {
            return null;
        }
    }

    private static int separator(String text) {
        int at = text.indexOf('T');
        return at >= 0 ? at : text.indexOf(' ');
    }

    private static LocalDate date(String text) {
        int week = text.indexOf('W');
        if (week > 0) {
            int year = Integer.parseInt(text.substring(0, 4));
            String rest = text.substring(week + 1).replace("-", "");
            int number = Integer.parseInt(rest.substring(0, 2));
            int day = rest.length() > 2 ? Integer.parseInt(rest.substring(2, 3)) : 1;
            return LocalDate.of(year, 1, 4)
                    .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, number)
                    .with(java.time.temporal.ChronoField.DAY_OF_WEEK, day);
        }
        String[] parts = text.split("-", -1);
        int year = Integer.parseInt(parts[0].substring(0, 4));
        if (parts.length == 3) {
            return LocalDate.of(year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }
        if (parts.length == 2 && parts[1].length() == 3) {
            return LocalDate.ofYearDay(year, Integer.parseInt(parts[1]));
        }
        if (parts.length == 2) {
            return LocalDate.of(year, Integer.parseInt(parts[1]), 1);
        }
        if (text.length() == 8) {
            return LocalDate.of(
                    year,
                    Integer.parseInt(text.substring(4, 6)),
                    Integer.parseInt(text.substring(6)));
        }
        return text.length() == 7
                ? LocalDate.ofYearDay(year, Integer.parseInt(text.substring(4)))
                : LocalDate.of(year, 1, 1);
    }

    private static OffsetDateTime timed(LocalDate date, String text) {
        String time = text;
        ZoneOffset offset = ZoneOffset.UTC;
        if (time.endsWith("Z")) {
            time = time.substring(0, time.length() - 1).strip();
        } else {
            int sign = Math.max(time.lastIndexOf('+'), time.lastIndexOf('-'));
            if (sign >= 0) {
                offset = offset(time.substring(sign));
                time = time.substring(0, sign).strip();
            }
        }
        String digits = time.replace(":", "");
        int hour = digits.length() >= 2 ? Integer.parseInt(digits.substring(0, 2)) : 0;
        int minute = digits.length() >= 4 ? Integer.parseInt(digits.substring(2, 4)) : 0;
        int second = digits.length() >= 6 ? Integer.parseInt(digits.substring(4, 6)) : 0;
        LocalDateTime local =
                hour == 24
                        ? date.plusDays(1).atStartOfDay()
                        : date.atTime(LocalTime.of(hour, minute, second));
        return local.atOffset(offset);
    }

    private static ZoneOffset offset(String text) {
        String digits = text.substring(1).replace(":", "");
        int hours = Integer.parseInt(digits.substring(0, 2));
        int minutes = digits.length() >= 4 ? Integer.parseInt(digits.substring(2, 4)) : 0;
        int total = hours * 60 + minutes;
        return ZoneOffset.ofTotalSeconds((text.charAt(0) == '-' ? -total : total) * 60);
    }
}
