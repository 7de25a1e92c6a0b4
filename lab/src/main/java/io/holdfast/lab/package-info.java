/**
 * Whole clusters in network namespaces on one machine, faults, scenarios, and the demo.
 *
 * <p>Read in this order: {@link io.holdfast.lab.world} (machines and networks), {@link
 * io.holdfast.lab.cluster} (Holdfast on them), {@link io.holdfast.lab.writer} (the client that
 * cannot be fooled), {@link io.holdfast.lab.story} (what happens), {@link io.holdfast.lab.view}
 * (what a person sees), {@link io.holdfast.lab.check} and {@link io.holdfast.lab.scenario} (what is
 * checked), {@link io.holdfast.lab.holder} (labs that stay), {@link io.holdfast.lab.command} and
 * {@link io.holdfast.lab.LabMain} (how it is asked for).
 */
package io.holdfast.lab;
