/**
 * The protocol, without sockets, clocks or files. Read {@link
 * io.holdfast.vrrp.core.InstanceSettings} (what an instance is told) and {@link
 * io.holdfast.vrrp.core.VrrpEvent} (what people and scripts hear of it).
 */
package io.holdfast.vrrp.core;
