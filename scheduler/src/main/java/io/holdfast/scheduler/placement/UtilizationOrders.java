package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Primitive;

/** What needs room on a node waits until room has been made there. */
public final class UtilizationOrders {
    private UtilizationOrders() {}

    public static void add(Primitive resource) {}
}
