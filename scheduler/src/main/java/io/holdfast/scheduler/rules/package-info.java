/** Rules: which attributes and constraints hold at this time, on this node, for this resource. */
@NullMarked
package io.holdfast.scheduler.rules;

import org.jspecify.annotations.NullMarked;
