package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;

/** Words for what agents answer (OCF) and for how operations ended. */
final class ResultText {
    private ResultText() {}

    static String exit(String code) {
        return switch (code) {
            case "0" -> "ok";
            case "1" -> "error";
            case "2" -> "invalid parameter";
            case "3" -> "unimplemented feature";
            case "4" -> "insufficient privileges";
            case "5" -> "not installed";
            case "6" -> "not configured";
            case "7" -> "not running";
            case "8" -> "promoted";
            case "9" -> "promoted (failed)";
            case "190" -> "degraded";
            case "191" -> "promoted (degraded)";
            default -> "unknown";
        };
    }

    static String status(Element operation) {
        return switch (operation.attribute("op-status", "")) {
            case "-1" -> "pending";
            case "0" -> "complete";
            case "1" -> "Cancelled";
            case "2" -> "Timed Out";
            case "3" -> "NOT SUPPORTED";
            case "4" -> "Error";
            case "5" -> "Hard error";
            case "6" -> "Fatal error";
            case "7" -> "Not installed";
            case "8" -> "Internal communication failure";
            case "9" -> "Cannot execute now";
            case "10" -> "No fence device";
            case "11" -> "CIB secrets unavailable";
            default -> "UNKNOWN!";
        };
    }
}
