/**
 * Adverts and announcements as bytes. Read {@link io.holdfast.vrrp.codec.AdvertEncoder} (the
 * layouts are drawn there), {@link io.holdfast.vrrp.codec.AdvertDecoder} (what is refused), {@link
 * io.holdfast.vrrp.codec.AnnouncementFrames} (gratuitous ARP and neighbour advertisements). {@code
 * Checksum} and {@code AhIntegrity} are what both directions compute.
 */
package io.holdfast.vrrp.codec;
