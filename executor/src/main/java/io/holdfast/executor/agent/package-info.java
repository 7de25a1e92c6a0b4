/**
 * What an agent is: something that can start, stop and watch one kind of resource.
 *
 * <p>Read {@link io.holdfast.executor.agent.Agent}, then {@link
 * io.holdfast.executor.agent.AgentRegistry}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor.agent;
