/** Tells why each resource is where it is, from the calculation that put it there. */
@NullMarked
package io.holdfast.scheduler.explain;

import org.jspecify.annotations.NullMarked;
