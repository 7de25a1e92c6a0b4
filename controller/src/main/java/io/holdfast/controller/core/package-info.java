/**
 * The controller as a pure core: events in, effects out.
 *
 * <p>Read {@link io.holdfast.controller.core.ControllerCore} (phases of a term), then {@link
 * io.holdfast.controller.core.ClusterState} and {@link io.holdfast.controller.core.ChangeRules}
 * (what is agreed, and how it may change), {@link io.holdfast.controller.core.ConfigurationLog}
 * (when an entry counts), and {@code Conductor} and {@code TransitionRun} (having things done).
 */
package io.holdfast.controller.core;
