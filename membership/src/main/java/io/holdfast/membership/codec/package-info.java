/**
 * Bytes and text to records and back: configuration, keys, frames, messages, the voter's file.
 *
 * <p>Read {@link io.holdfast.membership.codec.CorosyncConf} (what an administrator wrote) and
 * {@link io.holdfast.membership.codec.FrameCodec} (what travels) first.
 */
package io.holdfast.membership.codec;
