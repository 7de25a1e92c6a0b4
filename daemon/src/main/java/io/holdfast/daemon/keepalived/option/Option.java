package io.holdfast.daemon.keepalived.option;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every option of Keepalived 2.2, and a few of Holdfast's own.
 *
 * <p>Read with own code rather than a library: getopt's rules ({@code -lD}, {@code -fFILE}, {@code
 * -t[FILE]}) must be kept to the letter, and starting must be fast.
 */
public enum Option {
    USE_FILE('f', "use-file", Argument.NEEDED, "FILE", "use this configuration file"),
    VRRP('P', "vrrp", Argument.NONE, "", "only VRRP (it is all that Holdfast runs)"),
    CHECK('C', "check", Argument.NONE, "", "only health checks: not served"),
    NO_BFD('B', "no_bfd", Argument.NONE, "", "no BFD (Holdfast never runs it)"),
    ALL(' ', "all", Argument.NONE, "", "all subsystems (Holdfast has one)"),
    LOG_CONSOLE('l', "log-console", Argument.NONE, "", "log to standard error as well"),
    LOG_DETAIL('D', "log-detail", Argument.NONE, "", "log more"),
    LOG_FACILITY('S', "log-facility", Argument.NEEDED, "0-7|localN|user|daemon", "syslog facility"),
    LOG_FILE('g', "log-file", Argument.NEEDED, "FILE", "log to this file as well"),
    FLUSH_LOG_FILE(' ', "flush-log-file", Argument.NONE, "", "flush it (always done)"),
    NO_SYSLOG('G', "no-syslog", Argument.NONE, "", "do not log to syslog"),
    UMASK('u', "umask", Argument.NEEDED, "MASK", "umask of files that are made"),
    RELEASE_VIPS('X', "release-vips", Argument.NONE, "", "drop addresses on signals (always done)"),
    DONT_RELEASE_VRRP('V', "dont-release-vrrp", Argument.NONE, "", "keep addresses: not served"),
    DONT_RELEASE_IPVS('I', "dont-release-ipvs", Argument.NONE, "", "keep LVS (there is none)"),
    DONT_RESPAWN('R', "dont-respawn", Argument.NONE, "", "no respawn (there are no children)"),
    DONT_FORK('n', "dont-fork", Argument.NONE, "", "stay in the foreground"),
    DUMP_CONF('d', "dump-conf", Argument.NONE, "", "log the configuration at start"),
    PID('p', "pid", Argument.NEEDED, "FILE", "pid file"),
    VRRP_PID('r', "vrrp_pid", Argument.NEEDED, "FILE", "pid file of Keepalived's VRRP process"),
    GENHASH('T', "genhash", Argument.NONE, "", "genhash: not served"),
    CHECKERS_PID('c', "checkers_pid", Argument.NEEDED, "FILE", "no such process here"),
    ADDRESS_MONITORING(
            'a',
            "address-monitoring",
            Argument.NONE,
            "",
            "accepted; what matters is always logged"),
    BFD_PID('b', "bfd_pid", Argument.NEEDED, "FILE", "no such process here"),
    SNMP('x', "snmp", Argument.NONE, "", "SNMP: not served"),
    SNMP_SOCKET('A', "snmp-agent-socket", Argument.NEEDED, "FILE", "SNMP: not served"),
    NAMESPACE('s', "namespace", Argument.NEEDED, "NAME", "run in this network namespace"),
    CORE_DUMP('m', "core-dump", Argument.NONE, "", "core dumps (the JVM writes hs_err files)"),
    CORE_PATTERN('M', "core-dump-pattern", Argument.POSSIBLE, "PATTERN", "the same"),
    ALL_CONFIG('e', "all-config", Argument.NONE, "", "a missing include is a mistake"),
    CONFIG_ID('i', "config-id", Argument.NEEDED, "ID", "@ID lines count (default: host name)"),
    SIGNUM(
            ' ',
            "signum",
            Argument.NEEDED,
            "NAME",
            "print a signal's number: STOP, RELOAD, DATA, ..."),
    CONFIG_TEST('t', "config-test", Argument.POSSIBLE, "FILE", "find every mistake and exit"),
    PERF(' ', "perf", Argument.POSSIBLE, "WHEN", "perf data: not served"),
    NO_MEM_CHECK(' ', "no-mem-check", Argument.NONE, "", "accepted"),
    DEBUG(' ', "debug", Argument.POSSIBLE, "OPTIONS", "accepted"),
    METRICS(
            ' ',
            "metrics",
            Argument.NEEDED,
            "[ADDRESS:]PORT",
            "serve Prometheus metrics (Holdfast)"),
    VERSION('v', "version", Argument.NONE, "", "print the version"),
    HELP('h', "help", Argument.NONE, "", "print this");

    /** Whether a value follows. */
    enum Argument {
        NONE,
        NEEDED,
        /** Only behind {@code =}, or glued to the letter. */
        POSSIBLE
    }

    private static final char NO_LETTER = ' ';

    private final char letter;
    private final String word;
    private final Argument argument;
    private final String value;
    private final String summary;

    Option(char letter, String word, Argument argument, String value, String summary) {
        this.letter = letter;
        this.word = word;
        this.argument = argument;
        this.value = value;
        this.summary = summary;
    }

    Argument argument() {
        return argument;
    }

    static Optional<Option> ofLetter(char letter) {
        return Stream.of(values())
                .filter(o -> o.letter != NO_LETTER && o.letter == letter)
                .findFirst();
    }

    /** By its whole word, or a beginning that no other has, as getopt_long does. */
    static Optional<Option> ofWord(String word) {
        List<Option> matching = Stream.of(values()).filter(o -> o.word.startsWith(word)).toList();
        return matching.stream()
                .filter(o -> o.word.equals(word))
                .findFirst()
                .or(
                        () ->
                                matching.size() == 1
                                        ? Optional.of(matching.getFirst())
                                        : Optional.empty());
    }

    /** Its line of the help. */
    String help() {
        String value =
                switch (argument) {
                    case NONE -> "";
                    case NEEDED -> "=" + this.value;
                    case POSSIBLE -> "[=" + this.value + "]";
                };
        String letters = letter == NO_LETTER ? "    " : "-" + letter + ", ";
        String left = "  " + letters + "--" + word + value;
        return left + " ".repeat(Math.max(1, 46 - left.length())) + summary + "\n";
    }

    @Override
    public String toString() {
        return "--" + word;
    }
}
