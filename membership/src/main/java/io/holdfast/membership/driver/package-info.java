/**
 * Membership in the world: files, sockets, threads, JGroups.
 *
 * <p>Read {@link io.holdfast.membership.driver.ClusterMembership} first (a node's parts and their
 * threads), then {@link io.holdfast.membership.driver.MemberLoop} (the thread on which a node's
 * core runs), {@link io.holdfast.membership.driver.VoterLoop} (the voter and its disk), {@link
 * io.holdfast.membership.driver.Links} (sealed frames over all rings) and {@link
 * io.holdfast.membership.driver.GroupChannel} (JGroups on top of them). {@link
 * io.holdfast.membership.driver.WitnessServer} is the third vote.
 */
package io.holdfast.membership.driver;
