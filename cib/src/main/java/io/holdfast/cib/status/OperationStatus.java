package io.holdfast.cib.status;

/** How the execution of an operation went, apart from what the agent answered. */
public enum OperationStatus {
    PENDING(-1),
    DONE(0),
    CANCELLED(1),
    TIMEOUT(2),
    NOT_SUPPORTED(3),
    /** Failed; may be tried again anywhere. */
    ERROR(4),
    /** Failed; not to be tried again on this node. */
    ERROR_HARD(5),
    /** Failed; not to be tried again anywhere. */
    ERROR_FATAL(6),
    NOT_INSTALLED(7),
    NOT_CONNECTED(8),
    INVALID(9),
    NO_FENCE_DEVICE(10),
    NO_SECRETS(11);

    private final int code;

    OperationStatus(int code) {
        this.code = code;
    }

    /** The number written as {@code op-status}. */
    public int code() {
        return code;
    }
}
