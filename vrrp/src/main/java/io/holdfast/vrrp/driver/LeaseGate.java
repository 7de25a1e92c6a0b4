package io.holdfast.vrrp.driver;

/** Whether the cluster lets this node hold floating addresses now; looked at every 50 ms. */
public interface LeaseGate {
    /** Must return at once (a mapped page, not a request). */
    boolean isHeld();
}
