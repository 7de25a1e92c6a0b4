package io.holdfast.api.control;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import org.jspecify.annotations.Nullable;

/** A daemon could not be asked, or gave no answer in time. */
public final class DaemonUnreachableException extends ProblemException {
    private final boolean absent;

    DaemonUnreachableException(Problem problem, boolean absent, @Nullable Throwable cause) {
        super(problem);
        this.absent = absent;
        if (cause != null) {
            initCause(cause);
        }
    }

    /**
     * Whether nobody listens on the socket: the daemon does not run, and the request was not
     * carried out. Otherwise it may be stuck or may have died meanwhile, and the request may have
     * been carried out.
     */
    public boolean absent() {
        return absent;
    }
}
