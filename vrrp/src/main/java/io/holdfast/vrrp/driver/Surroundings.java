package io.holdfast.vrrp.driver;

import java.util.Optional;

/**
 * What a router is given besides its settings.
 *
 * @param listener hears everything
 * @param scripts runs {@code vrrp_script}s
 * @param lease for instances with {@code needsLease}; empty: there is no cluster, so it is held
 * @param realtimePriority of the protocol's thread, 1 to 99; 0: ordinary. Ordinary as well where it
 *     is not permitted.
 */
public record Surroundings(
        VrrpListener listener,
        ScriptRunner scripts,
        Optional<LeaseGate> lease,
        int realtimePriority) {
    public static final int DEFAULT_REALTIME_PRIORITY = 10;

    public static Surroundings of(VrrpListener listener, ScriptRunner scripts) {
        return new Surroundings(listener, scripts, Optional.empty(), DEFAULT_REALTIME_PRIORITY);
    }
}
