package io.holdfast.iscsi.core.session;

/** Serial number arithmetic of RFC 1982 with 32 bits, as CmdSN, StatSN and DataSN use it. */
public final class SerialNumbers {
    private SerialNumbers() {}

    public static boolean before(int left, int right) {
        return left - right < 0;
    }

    public static boolean after(int left, int right) {
        return left - right > 0;
    }
}
