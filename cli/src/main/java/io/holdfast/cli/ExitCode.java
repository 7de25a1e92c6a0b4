package io.holdfast.cli;

/** What commands end with: sysexits.h where it has a number. */
public final class ExitCode {
    public static final int OK = 0;

    /** The daemon refused, and said why. */
    public static final int REFUSED = 1;

    /** Not quorate: {@code corosync-quorumtool}. */
    public static final int NOT_QUORATE = 2;

    /** EX_USAGE: the command line is wrong. */
    public static final int USAGE = 64;

    /** EX_DATAERR: the configuration is wrong; nothing was changed. */
    public static final int BAD_CONFIGURATION = 65;

    /** EX_NOINPUT: a file cannot be read. */
    public static final int NO_INPUT = 66;

    /** EX_UNAVAILABLE: the daemon does not run, or does not answer. */
    public static final int UNAVAILABLE = 69;

    /** EX_SOFTWARE: a bug of ours. */
    public static final int BUG = 70;

    private ExitCode() {}
}
