package io.holdfast.vrrp.core;

import java.time.Duration;
import java.util.Optional;

/**
 * One line of {@code virtual_ipaddress}, {@code virtual_ipaddress_excluded} or {@code
 * static_ipaddress}.
 *
 * @param prefixLength of the network that the address opens a way to; 32 or 128 unless told
 * @param interfaceName where to put it; empty: the instance's interface
 * @param broadcast empty: the kernel's rule for the prefix ({@code brd -}: none)
 * @param scope {@code RT_SCOPE_*}: 0 global, 253 link, 254 host, 200 site
 * @param label IPv4 only: an alias, which begins with the interface's name
 * @param peer the other end of a point-to-point link
 * @param home as {@code ip address} knows it, like the three after it
 * @param preferredLifetime empty: for ever; zero: deprecated, so never chosen as a source
 * @param tracked whether its removal by somebody else is noticed and mended
 * @param onVirtualMac {@code use_vmac}: put on the virtual MAC's interface though others are not
 */
public record VirtualAddress(
        IpAddress address,
        int prefixLength,
        Optional<String> interfaceName,
        Optional<IpAddress> broadcast,
        int scope,
        Optional<String> label,
        Optional<IpAddress> peer,
        boolean home,
        boolean manageTemporary,
        boolean noPrefixRoute,
        boolean autojoin,
        boolean detectDuplicates,
        Optional<Duration> preferredLifetime,
        boolean tracked,
        boolean onVirtualMac) {

    public static VirtualAddress of(IpAddress address, int prefixLength) {
        return new VirtualAddress(
                address,
                prefixLength,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                false,
                Optional.empty(),
                true,
                false);
    }

    /** {@code 10.0.0.1}, {@code 10.0.0.1/24} or {@code fe80::1/64}. */
    public static VirtualAddress literal(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.literal(slash < 0 ? text : text.substring(0, slash));
        return of(
                address,
                slash < 0
                        ? address.family().addressBits()
                        : Integer.parseInt(text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength + interfaceName.map(i -> " dev " + i).orElse("");
    }
}
