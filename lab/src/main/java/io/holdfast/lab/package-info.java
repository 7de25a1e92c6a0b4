/**
 * Whole clusters in network namespaces on one machine, faults, scenarios, and the demo.
 *
 * <p>Read {@link io.holdfast.lab.world} (machines and networks) first.
 */
package io.holdfast.lab;
