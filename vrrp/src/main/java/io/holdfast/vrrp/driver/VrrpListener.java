package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.VrrpEvent;

/** Hears what happens. */
public interface VrrpListener {
    /**
     * Called on a thread of its own, one event after the other, in order; may block without holding
     * the protocol up. What it throws is logged.
     */
    void happened(VrrpEvent event);
}
