package io.holdfast.vrrp.core;

/**
 * How version 2 adverts are authenticated. Both ways were dropped by RFC 3768: a password that
 * travels in clear text stops mistakes, not attackers.
 *
 * @param password at most 8 bytes count; empty for {@link Kind#NONE}
 */
public record Authentication(Kind kind, String password) {
    public static final Authentication NONE = new Authentication(Kind.NONE, "");

    /** With the number on the wire. */
    public enum Kind {
        NONE(0),
        PASS(1),
        AH(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    /** Without the password: settings get logged. */
    @Override
    public String toString() {
        return kind.toString();
    }
}
