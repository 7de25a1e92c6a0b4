/**
 * Keepalived's configuration language, whole: what {@code keepalived.conf} means, and what a reader
 * of it should know.
 *
 * <p>Read {@link io.holdfast.vrrp.config.KeepalivedConf} (how to load a file), then {@link
 * io.holdfast.vrrp.config.KeepalivedSettings} (what comes out); {@code text} makes statements of
 * files, {@code section} makes settings of statements, {@code machine} looks whether this machine
 * has what they name.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.vrrp.config;
