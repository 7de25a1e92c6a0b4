/**
 * clusterd: who is here, and who may act. {@link io.holdfast.daemon.clusterd.Clusterd} is the
 * wiring; the rest answers its socket.
 */
package io.holdfast.daemon.clusterd;
