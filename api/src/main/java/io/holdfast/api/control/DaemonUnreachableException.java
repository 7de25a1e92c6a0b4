package io.holdfast.api.control;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import org.jspecify.annotations.Nullable;

/** A daemon could not be asked, or gave no answer in time; it may have carried the request out. */
public final class DaemonUnreachableException extends ProblemException {
    DaemonUnreachableException(Problem problem, @Nullable Throwable cause) {
        super(problem);
        if (cause != null) {
            initCause(cause);
        }
    }
}
