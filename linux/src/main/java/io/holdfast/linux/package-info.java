/**
 * The only native code: what Linux offers and Java does not, through {@code java.lang.foreign}.
 *
 * <p>Read {@link io.holdfast.linux.nativecall} (how a call is made and fails) first; {@link
 * io.holdfast.linux.net} and {@link io.holdfast.linux.process} are built on it and stand alone.
 */
package io.holdfast.linux;
