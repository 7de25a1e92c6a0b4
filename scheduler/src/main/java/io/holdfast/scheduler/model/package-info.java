/**
 * What a calculation works on: nodes, resources, constraints and actions, filled in phase by phase.
 */
@NullMarked
package io.holdfast.scheduler.model;

import org.jspecify.annotations.NullMarked;
