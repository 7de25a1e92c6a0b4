/**
 * Replicas of one volume under faults: the real core and the real metadata format over simulated
 * disks, connections and cluster.
 *
 * <p>Read {@link io.holdfast.replication.simulation.ReplicationSimulation} first (what is done to
 * them, what must hold).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.replication.simulation;
