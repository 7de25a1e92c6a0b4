package io.holdfast.daemon.keepalived;

/** Keepalived's, where it has one; its own manual and its program disagree, the program counts. */
final class ExitCode {
    static final int OK = 0;

    /** Also: it is running already, which Keepalived calls 0. */
    static final int CANNOT_START = 1;

    static final int CONFIGURATION = 2;
    static final int TEST_FAILED = 5;
    static final int TEST_FOUND_INSECURE_SCRIPTS = 6;
    static final int BUG = 70;

    private ExitCode() {}
}
