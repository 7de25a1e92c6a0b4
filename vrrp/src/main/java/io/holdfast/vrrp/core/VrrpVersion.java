package io.holdfast.vrrp.core;

/** Version 2 is RFC 3768 (IPv4, whole seconds); version 3 is RFC 9568 (both IPs, hundredths). */
public enum VrrpVersion {
    V2(2),
    V3(3);

    private final int number;

    VrrpVersion(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
