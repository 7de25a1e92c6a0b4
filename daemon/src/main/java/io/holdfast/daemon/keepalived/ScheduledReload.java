package io.holdfast.daemon.keepalived;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.vrrp.config.ReloadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code reload_time_file}: its first line says when to reload, {@code [[YY]YY-MM-DD ]HH:MM:SS[Z]}.
 * Looked at every second; a time without date is the next one of its kind.
 */
final class ScheduledReload {
    private static final Pattern TIME =
            Pattern.compile(
                    "(?:(\\d{2}|\\d{4})-(\\d{2})-(\\d{2}) )?(\\d{2}):(\\d{2}):(\\d{2})(Z?)");
    private static final int CENTURY = 2000;

    private final ReloadSettings settings;
    private String lastContent = "";
    private Optional<ZonedDateTime> when = Optional.empty();

    ScheduledReload(ReloadSettings settings) {
        this.settings = settings;
    }

    /** Whether it is time; to be asked about once a second. */
    boolean isDue(ZonedDateTime now) {
        if (settings.timeFile().isEmpty()) {
            return false;
        }
        Path file = Path.of(settings.timeFile().get());
        String content = firstLine(file);
        if (!content.equals(lastContent)) {
            lastContent = content;
            when = content.isEmpty() ? Optional.empty() : next(content, now);
            when.ifPresent(time -> ProcessLog.info("reload scheduled for " + time));
            if (when.isEmpty() && !content.isEmpty()) {
                ProcessLog.warning(file + ": `" + content + "` is no time that comes");
            }
        }
        if (when.isEmpty() || now.isBefore(when.get())) {
            return false;
        }
        // The same content counts again only as the next day's time.
        when = settings.repeat() ? next(content, now.plusSeconds(1)) : Optional.empty();
        if (!settings.repeat()) {
            remove(file);
        }
        return true;
    }

    /** The first such time that is not before {@code now}; empty: it is past, or no time. */
    static Optional<ZonedDateTime> next(String text, ZonedDateTime now) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            ZoneId zone = parts.group(7).isEmpty() ? now.getZone() : ZoneOffset.UTC;
            LocalTime time = LocalTime.of(number(parts, 4), number(parts, 5), number(parts, 6));
            if (parts.group(1) == null) {
                ZonedDateTime today =
                        ZonedDateTime.of(now.withZoneSameInstant(zone).toLocalDate(), time, zone);
                return Optional.of(today.isBefore(now) ? today.plusDays(1) : today);
            }
            int year = number(parts, 1);
            LocalDate date =
                    LocalDate.of(
                            year < 100 ? CENTURY + year : year, number(parts, 2), number(parts, 3));
            ZonedDateTime moment = LocalDateTime.of(date, time).atZone(zone);
            return moment.isBefore(now) ? Optional.empty() : Optional.of(moment);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static String firstLine(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).lines().findFirst().orElse("") : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            ProcessLog.warning(file + " cannot be removed: " + e);
        }
    }
}
