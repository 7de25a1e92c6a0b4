/**
 * Processes, threads and the namespaces they live in: memory that is never paged out, real-time
 * priority, signals that cannot hit the wrong process, pipes, the machine's log, and namespaces of
 * network and host name.
 *
 * <p>Each class stands alone: {@link io.holdfast.linux.process.MemoryLock}, {@link
 * io.holdfast.linux.process.RealtimeScheduling}, {@link io.holdfast.linux.process.PidDescriptor},
 * {@link io.holdfast.linux.process.Namespace}, {@link io.holdfast.linux.process.NamedPipe}, {@link
 * io.holdfast.linux.process.SystemLog}, {@link io.holdfast.linux.process.ProcessAttributes}.
 */
package io.holdfast.linux.process;
