/**
 * A Holdfast cluster in a lab: which machines and volumes it has, the files an administrator would
 * write for it, its daemons, and its state as they tell it.
 *
 * <p>Read {@link io.holdfast.lab.cluster.ClusterPlan} (what is built), {@link
 * io.holdfast.lab.cluster.ClusterFiles} (its configuration as text), then {@link
 * io.holdfast.lab.cluster.LabCluster} (building and running it) and {@link
 * io.holdfast.lab.cluster.ClusterPicture} (reading its status).
 */
package io.holdfast.lab.cluster;
