/** Plays a transition through on a CIB, as if every action did what it should. */
@NullMarked
package io.holdfast.scheduler.simulate;

import org.jspecify.annotations.NullMarked;
