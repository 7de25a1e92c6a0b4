package io.holdfast.vrrp.core;

import java.util.Optional;

/**
 * A virtual router's own Ethernet address, by a macvlan interface ({@code use_vmac}).
 *
 * @param interfaceName of the macvlan; Keepalived's default is {@code vrrp.VRID} (IPv6: {@code
 *     vrrp6.VRID})
 * @param macAddress six bytes as a number; empty: 00:00:5e:00:01:VRID (IPv6: 00:00:5e:00:02:VRID)
 * @param sendFromBase {@code vmac_xmit_base}: adverts leave through the base interface, with its
 *     own address
 * @param onlyForAddresses {@code use_vmac_addr}: adverts as without; only addresses are moved
 */
public record VirtualMacSettings(
        String interfaceName,
        Optional<Long> macAddress,
        boolean sendFromBase,
        boolean onlyForAddresses) {}
