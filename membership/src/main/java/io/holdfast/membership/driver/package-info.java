/** Membership in the world: files, sockets, threads, JGroups. */
package io.holdfast.membership.driver;
