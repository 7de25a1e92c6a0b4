/** Signals to other processes. Read {@link io.holdfast.linux.signal.ProcessGroup}. */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.signal;
