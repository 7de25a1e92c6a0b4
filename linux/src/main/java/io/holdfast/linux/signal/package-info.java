/**
 * Signals: to other processes ({@link io.holdfast.linux.signal.ProcessGroup}), and those to this
 * one that the JVM does not know ({@link io.holdfast.linux.signal.SignalQueue}).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.signal;
