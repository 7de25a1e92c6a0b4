package io.holdfast.daemon.keepalived;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.option.Option;
import io.holdfast.linux.process.SystemLog;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the command line and the environment ask of the process.
 *
 * @param root {@code HOLDFAST_ROOT}; all paths that the user did not name lie under it
 * @param detached started by the launcher in the background: it waits for our word that we are up
 * @param facility syslog's; empty: not to syslog
 * @param metrics {@code [ADDRESS:]PORT}
 */
record LaunchOptions(
        Path root,
        Path configFile,
        boolean detached,
        boolean logConsole,
        boolean logDetail,
        OptionalInt facility,
        Optional<Path> logFile,
        boolean dumpConfiguration,
        Optional<Path> pidFile,
        Optional<Path> vrrpPidFile,
        Optional<String> namespace,
        Optional<String> configId,
        boolean allIncludes,
        OptionalInt umask,
        Optional<String> metrics) {
    private static final String DEFAULT_CONFIG = "etc/keepalived/keepalived.conf";
    private static final int LOCAL_FACILITIES = 8;
    private static final int LARGEST_UMASK = 0777;

    static LaunchOptions of(Map<Option, String> options, Map<String, String> environment) {
        String rootName = environment.getOrDefault("HOLDFAST_ROOT", "");
        Path root = Path.of(rootName.isBlank() ? "/" : rootName).toAbsolutePath();
        // In the background the launcher has gone to / before, so that no mount is kept busy.
        Path here = Path.of(environment.getOrDefault("HOLDFAST_DIRECTORY", "")).toAbsolutePath();
        return new LaunchOptions(
                root,
                path(options, Option.USE_FILE, here).orElse(root.resolve(DEFAULT_CONFIG)),
                environment.containsKey("HOLDFAST_DETACHED"),
                options.containsKey(Option.LOG_CONSOLE),
                options.containsKey(Option.LOG_DETAIL),
                options.containsKey(Option.NO_SYSLOG)
                        ? OptionalInt.empty()
                        : OptionalInt.of(facility(options.get(Option.LOG_FACILITY))),
                path(options, Option.LOG_FILE, here),
                options.containsKey(Option.DUMP_CONF),
                path(options, Option.PID, here),
                path(options, Option.VRRP_PID, here),
                Optional.ofNullable(options.get(Option.NAMESPACE)),
                Optional.ofNullable(options.get(Option.CONFIG_ID)),
                options.containsKey(Option.ALL_CONFIG),
                umask(options.get(Option.UMASK)),
                Optional.ofNullable(options.get(Option.METRICS)));
    }

    private static Optional<Path> path(Map<Option, String> options, Option option, Path here) {
        return Optional.ofNullable(options.get(option)).map(here::resolve);
    }

    private static int facility(@org.jspecify.annotations.Nullable String text) {
        if (text == null || text.equals("daemon")) {
            return SystemLog.DAEMON;
        }
        if (text.equals("user")) {
            return SystemLog.USER;
        }
        String digit = text.replaceFirst("^local", "");
        if (digit.length() == 1
                && digit.charAt(0) >= '0'
                && digit.charAt(0) < '0' + LOCAL_FACILITIES) {
            return SystemLog.LOCAL0 + ((digit.charAt(0) - '0') << 3);
        }
        throw refused("--log-facility " + text, "write 0 to 7, local0 to local7, user or daemon");
    }

    private static OptionalInt umask(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            int bits = Integer.decode(text);
            if (bits >= 0 && bits <= LARGEST_UMASK) {
                return OptionalInt.of(bits);
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw refused("--umask " + text, "write it as 022, 0x12 or 18");
    }

    private static ProblemException refused(String object, String remedy) {
        return new ProblemException(
                new Problem("the option's value is none", object, "it cannot be read", remedy));
    }
}
