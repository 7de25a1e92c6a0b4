/**
 * What the daemons, the commands and the dashboard say to each other on one node.
 *
 * <p>Read {@link io.holdfast.api.HoldfastPaths} (where things lie), then {@link
 * io.holdfast.api.message} (what can be asked and answered), {@link io.holdfast.api.control} (how a
 * question gets there), and {@link io.holdfast.api.lease} (the one thing that is shared memory
 * instead of a message, because it is read for every write).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.api;
