package io.holdfast.iscsi.core.login;

/**
 * A CHAP name and its secret. The secret never appears in {@link #toString}, hence in no log.
 *
 * @param name CHAP_N, at most 255 bytes
 * @param secret the shared secret as text; RFC 7143 9.2.1 wants at least 96 random bits
 */
public record ChapAccount(String name, String secret) {
    @Override
    public String toString() {
        return "ChapAccount[name=" + name + ", secret=(hidden)]";
    }
}
