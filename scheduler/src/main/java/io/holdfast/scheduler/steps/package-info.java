/**
 * Which actions bring each resource from its present to its assigned place and role: starts, stops,
 * promotions, migrations, probes, recurring operations, clean-ups, fencing and shutdowns.
 */
@NullMarked
package io.holdfast.scheduler.steps;

import org.jspecify.annotations.NullMarked;
