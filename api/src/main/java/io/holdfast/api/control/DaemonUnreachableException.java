package io.holdfast.api.control;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import org.jspecify.annotations.Nullable;

/** A daemon could not be asked, or gave no answer in time. */
public final class DaemonUnreachableException extends ProblemException {
    /** How far the question got. */
    public enum Reach {
        /** Nobody listens on the socket: the daemon does not run; nothing was carried out. */
        ABSENT,
        /** The connection ended meanwhile: the daemon died, or closed it; perhaps carried out. */
        LOST,
        /** No answer in time: the daemon is stuck or slow; perhaps carried out, or yet to be. */
        SILENT
    }

    private final Reach reach;

    DaemonUnreachableException(Problem problem, Reach reach, @Nullable Throwable cause) {
        super(problem);
        this.reach = reach;
        if (cause != null) {
            initCause(cause);
        }
    }

    public Reach reach() {
        return reach;
    }
}
