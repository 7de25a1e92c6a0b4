package io.holdfast.vrrp.core;

/** Which IP a virtual router speaks and serves. */
public enum AddressFamily {
    IPV4(4),
    IPV6(16);

    private final int addressBytes;

    AddressFamily(int addressBytes) {
        this.addressBytes = addressBytes;
    }

    public int addressBytes() {
        return addressBytes;
    }

    public int addressBits() {
        return addressBytes * Byte.SIZE;
    }
}
