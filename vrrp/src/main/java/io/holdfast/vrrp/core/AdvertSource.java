package io.holdfast.vrrp.core;

/**
 * How an advert came.
 *
 * @param ttl of the IP packet on arrival (IPv6: hop limit)
 */
public record AdvertSource(IpAddress address, int ttl) {}
