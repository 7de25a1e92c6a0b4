package io.holdfast.executor.agent;

import io.holdfast.cib.status.ResourceAgent;
import java.util.Optional;

/** Finds the agent that a resource names. */
@FunctionalInterface
public interface AgentRegistry {
    /** The agent, or empty when this node has none of that name. */
    Optional<Agent> find(ResourceAgent name);
}
