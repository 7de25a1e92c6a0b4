/** Reads a CIB: options, nodes, resources, the history of operations, and constraints. */
@NullMarked
package io.holdfast.scheduler.unpack;

import org.jspecify.annotations.NullMarked;
