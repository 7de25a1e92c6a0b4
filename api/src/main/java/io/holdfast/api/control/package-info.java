/**
 * How a question gets to a daemon and its answer back: lines of JSON over a Unix-domain socket.
 *
 * <p>Read {@link io.holdfast.api.control.ControlLine} (what a line says), {@link
 * io.holdfast.api.control.ControlCodec} (how it looks), then {@link
 * io.holdfast.api.control.ControlServer} and {@link io.holdfast.api.control.ControlClient}.
 * api/DESIGN.md has an example of a conversation.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.api.control;
