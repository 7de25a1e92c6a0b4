/**
 * Questions and answers between daemons and commands, as plain records.
 *
 * <p>Read {@link io.holdfast.api.message.Request} first, then {@link
 * io.holdfast.api.message.ClusterRequest} (what {@code clusterd} answers) and {@link
 * io.holdfast.api.message.StorageRequest} (what {@code storaged} answers). Each request names the
 * type of its answer; anything that goes wrong is a {@link io.holdfast.base.Problem} instead. The
 * JSON form of a record is its components by name; the types of {@code base} that carry one value
 * are that value.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.api.message;
