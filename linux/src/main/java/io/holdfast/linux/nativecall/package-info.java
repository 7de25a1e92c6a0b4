/**
 * How this module calls the C library: binding a function, learning the errno of a failed call,
 * owning a file descriptor. Everything else in {@code linux} is built on these four classes.
 *
 * <p>Read {@link io.holdfast.linux.nativecall.LibC} (binding), then {@link
 * io.holdfast.linux.nativecall.CallState} (errno) and {@link io.holdfast.linux.nativecall.Errno}
 * (what it says to a person).
 *
 * <pre>{@code
 * private static final MethodHandle FSYNC = LibC.function("fsync", JAVA_INT, JAVA_INT);
 *
 * CallState state = CallState.ofThread();
 * int result;
 * try {
 *     result = (int) FSYNC.invokeExact(state.segment(), descriptor.number());
 * } catch (Throwable e) {
 *     throw LibC.unexpected(e);
 * }
 * if (result != 0) {
 *     throw state.errno().failure("cannot flush", path, "look for disk errors in the kernel log");
 * }
 * }</pre>
 */
package io.holdfast.linux.nativecall;
