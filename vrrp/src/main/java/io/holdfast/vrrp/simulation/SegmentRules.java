package io.holdfast.vrrp.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import java.util.List;

/**
 * What must hold after every event.
 *
 * <ol>
 *   <li>Addresses are up on a node exactly while it is Master.
 *   <li>A node whose tracked service is down is not Master.
 *   <li>On a healthy segment, once converged: exactly one Master of each virtual router, and one
 *       node has all members of a sync group.
 * </ol>
 *
 * And when the driver is told something: nothing is announced for addresses that are down, nothing
 * is put up twice or taken down twice.
 */
final class SegmentRules {
    private final List<SimulatedRouter> routers;
    private boolean converged;

    SegmentRules(List<SimulatedRouter> routers) {
        this.routers = routers;
    }

    /** From now on rule 3 holds; until the next fault. */
    void setConverged(boolean converged) {
        this.converged = converged;
    }

    void check() {
        for (SimulatedRouter router : routers) {
            for (InstanceSettings instance : router.settings().instances()) {
                checkOne(router, instance);
            }
        }
        if (converged) {
            Invariant.check(isOneMasterEach(), "not one Master each: %s", masters());
        }
    }

    private static void checkOne(SimulatedRouter router, InstanceSettings instance) {
        boolean master = router.state(instance.name()) == InstanceState.MASTER;
        Invariant.check(
                master == router.hasAddresses(instance.name()),
                "%s: %s is %s, and addresses are %s",
                router.id(),
                instance.name(),
                router.state(instance.name()),
                router.hasAddresses(instance.name()) ? "up" : "down");
        Invariant.check(
                !master || router.isServiceUp() || !VrrpSimulation.isFatal(router.settings()),
                "%s: %s is Master while its service is down",
                router.id(),
                instance.name());
    }

    /** Whether each virtual router has one Master, all of a group on one node. */
    boolean isOneMasterEach() {
        for (InstanceSettings instance : routers.getFirst().settings().instances()) {
            if (masterCount(instance.name()) != 1) {
                return false;
            }
        }
        return routers.getFirst().settings().groups().isEmpty()
                || routers.stream().filter(SegmentRules::isMasterOfAny).count() == 1;
    }

    private long masterCount(String instance) {
        return routers.stream().filter(r -> r.state(instance) == InstanceState.MASTER).count();
    }

    private static boolean isMasterOfAny(SimulatedRouter router) {
        return router.settings().instances().stream()
                .anyMatch(i -> router.state(i.name()) == InstanceState.MASTER);
    }

    List<String> masters() {
        return routers.stream()
                .flatMap(
                        r ->
                                r.settings().instances().stream()
                                        .map(
                                                i ->
                                                        r.id()
                                                                + ":"
                                                                + i.name()
                                                                + "="
                                                                + r.state(i.name())))
                .toList();
    }

    static void putUp(SimulatedRouter router, String instance, boolean wasDown) {
        Invariant.check(wasDown, "%s puts %s up twice", router.id(), instance);
    }

    static void takenDown(SimulatedRouter router, String instance, boolean wasUp) {
        Invariant.check(wasUp, "%s takes %s down, which is not up", router.id(), instance);
    }

    static void announced(SimulatedRouter router, String instance, int times) {
        Invariant.check(
                times > 0 && router.hasAddresses(instance),
                "%s announces %s, which is not up",
                router.id(),
                instance);
    }
}
