/**
 * Messages between the kernel and a FUSE server, as far as one regular file needs them, in the
 * machine's byte order (linux/fuse.h, protocol 7.31 and newer).
 *
 * <p>Read {@link io.holdfast.device.codec.FuseOperation} (what is asked), {@link
 * io.holdfast.device.codec.FuseRequest} (a request, reused so that none is allocated), {@link
 * io.holdfast.device.codec.FuseRequestCodec}, {@link io.holdfast.device.codec.FuseReplyCodec} and
 * {@link io.holdfast.device.codec.FuseInit} (what both sides agree on).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.device.codec;
