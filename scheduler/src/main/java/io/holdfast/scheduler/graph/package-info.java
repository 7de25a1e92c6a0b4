/** The transition graph: the actions that are done, what each waits for, and all it has to know. */
@NullMarked
package io.holdfast.scheduler.graph;

import org.jspecify.annotations.NullMarked;
