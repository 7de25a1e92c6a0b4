package io.holdfast.cli;

import io.holdfast.base.Problem;

/** A command that ends with another code than 0, after what it had to say is said. */
public final class CommandFailure extends RuntimeException {
    private final transient Problem problem;
    private final int exitCode;

    public CommandFailure(Problem problem, int exitCode) {
        super(problem.message());
        this.problem = problem;
        this.exitCode = exitCode;
    }

    public Problem problem() {
        return problem;
    }

    public int exitCode() {
        return exitCode;
    }
}
