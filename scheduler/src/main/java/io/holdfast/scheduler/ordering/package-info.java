/**
 * Orderings: those that follow from how resources are built, what each makes of the two actions it
 * joins, and the repetition of that until nothing changes any more.
 */
@NullMarked
package io.holdfast.scheduler.ordering;

import org.jspecify.annotations.NullMarked;
