package io.holdfast.vrrp.core;

/** What {@link VirtualRouters} want done, in this order. */
public sealed interface RouterEffect {
    /**
     * To the group or to each peer. May get lost.
     *
     * @param ahSequence of this advert, where AH is configured
     */
    record SendAdvert(InstanceSettings instance, int priority, long ahSequence)
            implements RouterEffect {}

    /** Addresses, routes and rules up; those that are up already stay untouched. */
    record PutUp(InstanceSettings instance) implements RouterEffect {}

    /** Addresses, routes and rules down. */
    record TakeDown(InstanceSettings instance) implements RouterEffect {}

    /** From what the old settings put up to what the new ones would; what is in both stays. */
    record Exchange(InstanceSettings old, InstanceSettings changed) implements RouterEffect {}

    /** Gratuitous ARP and neighbour advertisements for all addresses, so many times each. */
    record Announce(InstanceSettings instance, int times) implements RouterEffect {}

    record Tell(VrrpEvent event) implements RouterEffect {}
}
