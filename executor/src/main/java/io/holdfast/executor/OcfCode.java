package io.holdfast.executor;

/** What agents answer, by the OCF resource agent API 1.1. */
public final class OcfCode {
    public static final int OK = 0;
    public static final int ERROR = 1;
    public static final int INVALID_PARAMETER = 2;
    public static final int UNIMPLEMENTED = 3;
    public static final int INSUFFICIENT_PRIVILEGES = 4;
    public static final int NOT_INSTALLED = 5;
    public static final int NOT_CONFIGURED = 6;
    public static final int NOT_RUNNING = 7;
    public static final int RUNNING_PROMOTED = 8;
    public static final int FAILED_PROMOTED = 9;
    public static final int DEGRADED = 190;
    public static final int DEGRADED_PROMOTED = 191;

    private OcfCode() {}

    /** Whether a monitor that answers so says that the resource is there, in any state. */
    public static boolean isActive(int code) {
        return code != NOT_RUNNING
                && code != NOT_INSTALLED
                && code != NOT_CONFIGURED
                && code != INVALID_PARAMETER
                && code != UNIMPLEMENTED;
    }

    /** Whether a monitor that answers so says that the resource is promoted. */
    public static boolean isPromoted(int code) {
        return code == RUNNING_PROMOTED || code == DEGRADED_PROMOTED || code == FAILED_PROMOTED;
    }
}
