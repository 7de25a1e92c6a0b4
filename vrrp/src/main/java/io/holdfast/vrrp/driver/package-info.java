/**
 * VRRP in the world: sockets, netlink, addresses, announcements, trackers. Read {@link
 * io.holdfast.vrrp.driver.VrrpRouter} (how to start one), then {@link
 * io.holdfast.vrrp.driver.Surroundings} (what it is given).
 */
package io.holdfast.vrrp.driver;
