package io.holdfast.linux.nativecall;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;

/** A system call failed; {@link #errno} lets a caller tell the causes apart. */
public final class SystemCallException extends ProblemException {
    private final transient Errno errno;

    public SystemCallException(Errno errno, Problem problem) {
        super(problem);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
