/** Simulated clock, network, disk. */
package io.holdfast.simulator;
