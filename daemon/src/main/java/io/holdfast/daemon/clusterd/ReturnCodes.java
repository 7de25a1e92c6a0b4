package io.holdfast.daemon.clusterd;

/** OCF return codes and operation states, as crm_mon words them. */
final class ReturnCodes {
    private ReturnCodes() {}

    static String name(int code) {
        return switch (code) {
            case 0 -> "ok";
            case 1 -> "error";
            case 2 -> "invalid parameter";
            case 3 -> "unimplemented feature";
            case 4 -> "insufficient privileges";
            case 5 -> "not installed";
            case 6 -> "not configured";
            case 7 -> "not running";
            case 8 -> "promoted";
            case 9 -> "promoted (failed)";
            case 190 -> "degraded";
            case 191 -> "promoted (degraded)";
            case 193 -> "pending";
            default -> "OCF code " + code;
        };
    }

    static String status(int status) {
        return switch (status) {
            case -1 -> "pending";
            case 0 -> "complete";
            case 1 -> "Cancelled";
            case 2 -> "Timed out";
            case 3 -> "NOT SUPPORTED";
            case 7 -> "Not installed";
            default -> "Error";
        };
    }
}
