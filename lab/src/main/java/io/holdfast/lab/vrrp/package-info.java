/**
 * Two machines with {@code holdfast keepalived} each, stand-ins for the services that its scripts
 * command, and a client on their wire. Read {@link io.holdfast.lab.vrrp.VrrpNode}, then {@link
 * io.holdfast.lab.vrrp.StandIns}, then {@link io.holdfast.lab.vrrp.FrameWatch}.
 */
package io.holdfast.lab.vrrp;
