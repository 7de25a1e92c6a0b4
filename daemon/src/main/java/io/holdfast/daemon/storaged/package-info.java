/**
 * storaged: volumes and targets. {@link io.holdfast.daemon.storaged.Storaged} is the wiring; the
 * rest answers its socket.
 */
package io.holdfast.daemon.storaged;
