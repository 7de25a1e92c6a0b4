/**
 * The volumes of one node in the world of files, sockets and threads; start at {@link
 * io.holdfast.replication.driver.VolumeService}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.replication.driver;
