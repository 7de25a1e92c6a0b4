package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;

/** Ends a command with a problem and the exit code that its users expect. */
final class OfflineFailure extends ProblemException {
    private final int exitCode;

    OfflineFailure(int exitCode, Problem problem) {
        super(problem);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
