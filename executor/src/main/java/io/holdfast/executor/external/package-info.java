/**
 * Agents that are programs: OCF agents under {@code /usr/lib/ocf/resource.d}, systemd units and LSB
 * scripts.
 *
 * <p>Read {@link io.holdfast.executor.external.ExternalAgents} (which program for which name),
 * {@link io.holdfast.executor.external.OcfProgram} (environment and answers), {@link
 * io.holdfast.executor.external.AgentProcess} (a child process that always ends).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor.external;
