/**
 * What drbd.conf says, as records; start at {@link
 * io.holdfast.replication.config.ReplicationConfig}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.replication.config;
