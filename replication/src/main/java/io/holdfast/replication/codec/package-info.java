/**
 * Bytes and records: metadata on disk, frames on the wire, drbd.conf.
 *
 * <p>Metadata: {@link io.holdfast.replication.codec.MetadataLayout} (where things lie), then {@link
 * io.holdfast.replication.codec.SuperblockCodec}, {@link
 * io.holdfast.replication.codec.ActivityLogCodec} and {@link
 * io.holdfast.replication.codec.BitmapPageCodec}; {@link io.holdfast.replication.codec.PageReading}
 * is what reading a page can come to.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.replication.codec;
