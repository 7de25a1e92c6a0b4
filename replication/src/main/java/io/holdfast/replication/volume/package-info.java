/**
 * What a block volume looks like to those who read and write it; start at {@link
 * io.holdfast.replication.volume.BlockVolume}.
 */
package io.holdfast.replication.volume;
