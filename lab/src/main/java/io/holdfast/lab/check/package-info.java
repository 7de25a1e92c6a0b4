/**
 * Scenarios and their numbered checks. Read {@link io.holdfast.lab.check.Scenario}, then {@link
 * io.holdfast.lab.check.Checks}.
 */
package io.holdfast.lab.check;
