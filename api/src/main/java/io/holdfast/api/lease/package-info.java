/**
 * The lease page: until when this node may act, as memory that {@code clusterd} writes and {@code
 * storaged} reads before each acknowledgement. A stuck or dead writer changes nothing, and so lets
 * the lease run out.
 *
 * <p>Read {@link io.holdfast.api.lease.LeasePage} (the layout, byte by byte), then {@link
 * io.holdfast.api.lease.LeasePageWriter} and {@link io.holdfast.api.lease.LeasePageReader}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.api.lease;
