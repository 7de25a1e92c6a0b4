/**
 * Where resources go: locations, colocations, the assignment of primitives, groups, clones and
 * bundles, and the choice of the instances that are promoted.
 */
@NullMarked
package io.holdfast.scheduler.placement;

import org.jspecify.annotations.NullMarked;
