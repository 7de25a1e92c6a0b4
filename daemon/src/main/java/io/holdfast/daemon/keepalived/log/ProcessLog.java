package io.holdfast.daemon.keepalived.log;

import io.holdfast.linux.process.SystemLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The process's log; one line an entry, to each of its targets. Before {@link #open}: stderr. */
public final class ProcessLog {
    private static final String IDENTITY = "holdfast_keepalived";

    private static volatile ProcessLog current = new ProcessLog(List.of(new Console(System.err)));
    private static volatile boolean detailed;

    /** How much a line matters, by syslog's numbers. */
    public enum Level {
        ERROR(SystemLog.ERROR),
        WARNING(SystemLog.WARNING),
        INFO(SystemLog.INFO),
        DETAIL(SystemLog.DEBUG);

        private final int number;

        Level(int number) {
            this.number = number;
        }
    }

    /** One place that lines go to. */
    private interface Target {
        void write(Level level, String line);
    }

    private record Console(PrintStream stream) implements Target {
        @Override
        public void write(Level level, String line) {
            stream.println(now() + " " + word(level) + line);
        }
    }

    private record Machine() implements Target {
        @Override
        public void write(Level level, String line) {
            // Without warnings' word: the level travels beside the line.
            SystemLog.write(level == Level.DETAIL ? SystemLog.INFO : level.number, line);
        }
    }

    private record File(Path path) implements Target {
        @Override
        public void write(Level level, String line) {
            try {
                Files.writeString(
                        path,
                        now() + " " + word(level) + line + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                SystemLog.write(SystemLog.ERROR, "cannot write " + path + ": " + e.getMessage());
            }
        }
    }

    private final List<Target> targets;

    private ProcessLog(List<Target> targets) {
        this.targets = targets;
    }

    /**
     * Sets where lines go.
     *
     * @param facility syslog's; empty: not to syslog
     * @param detail whether {@link Level#DETAIL} is written
     */
    public static void open(
            boolean console, @Nullable Integer facility, @Nullable Path file, boolean detail) {
        List<Target> targets = new ArrayList<>();
        if (console) {
            targets.add(new Console(new PrintStream(System.err, true, StandardCharsets.UTF_8)));
        }
        if (facility != null) {
            SystemLog.open(IDENTITY, facility);
            targets.add(new Machine());
        }
        if (file != null) {
            targets.add(new File(file));
        }
        detailed = detail;
        current = new ProcessLog(targets);
    }

    public static boolean isDetailed() {
        return detailed;
    }

    public static void error(String line) {
        write(Level.ERROR, line);
    }

    public static void warning(String line) {
        write(Level.WARNING, line);
    }

    public static void info(String line) {
        write(Level.INFO, line);
    }

    /** Only with {@code -D}. */
    public static void detail(String line) {
        write(Level.DETAIL, line);
    }

    static void write(Level level, String text) {
        if (level == Level.DETAIL && !detailed) {
            return;
        }
        ProcessLog log = current;
        synchronized (log) {
            text.lines().forEach(line -> log.targets.forEach(t -> t.write(level, line)));
        }
    }

    private static String now() {
        return LocalDateTime.now(java.time.ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.MILLIS)
                .toString()
                .replace('T', ' ');
    }

    private static String word(Level level) {
        return level == Level.ERROR || level == Level.WARNING
                ? level.name().toLowerCase(Locale.ROOT) + ": "
                : "";
    }
}
