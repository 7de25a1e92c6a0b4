/** Floating addresses without a cluster: VRRP versions 2 and 3, as Keepalived's users know it. */
package io.holdfast.vrrp;
