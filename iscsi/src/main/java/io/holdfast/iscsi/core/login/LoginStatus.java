package io.holdfast.iscsi.core.login;

/** Status class and detail of a Login Response, RFC 7143 11.13.5. */
public enum LoginStatus {
    SUCCESS(0x0000),
    TARGET_MOVED_TEMPORARILY(0x0101),
    INITIATOR_ERROR(0x0200),
    AUTHENTICATION_FAILURE(0x0201),
    AUTHORIZATION_FAILURE(0x0202),
    NOT_FOUND(0x0203),
    TARGET_REMOVED(0x0204),
    UNSUPPORTED_VERSION(0x0205),
    TOO_MANY_CONNECTIONS(0x0206),
    MISSING_PARAMETER(0x0207),
    CANNOT_INCLUDE_IN_SESSION(0x0208),
    SESSION_TYPE_NOT_SUPPORTED(0x0209),
    SESSION_DOES_NOT_EXIST(0x020a),
    INVALID_DURING_LOGIN(0x020b),
    TARGET_ERROR(0x0300),
    SERVICE_UNAVAILABLE(0x0301),
    OUT_OF_RESOURCES(0x0302);

    private final int code;

    LoginStatus(int code) {
        this.code = code;
    }

    /** Class in the high byte, detail in the low byte. */
    public int code() {
        return code;
    }

    /** What a code from the wire says, in words. */
    public static String describe(int code) {
        for (LoginStatus status : values()) {
            if (status.code == code) {
                return status.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            }
        }
        return String.format("status 0x%04x", code);
    }
}
