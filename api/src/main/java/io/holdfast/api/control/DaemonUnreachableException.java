package io.holdfast.api.control;

import io.holdfast.base.Problem;
import org.jspecify.annotations.Nullable;

/** A daemon could not be asked, or gave no answer in time; it may have carried the request out. */
public final class DaemonUnreachableException extends RuntimeException {
    private final transient Problem problem;

    DaemonUnreachableException(Problem problem, @Nullable Throwable cause) {
        super(problem.message(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
