package io.holdfast.vrrp.core;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether a Backup may take over from a Master of lower priority that is well: {@code nopreempt},
 * {@code preempt_delay}, and damping of flaps.
 */
final class PreemptionGuard {
    private static final long NEVER = Long.MAX_VALUE;

    private final Deque<Long> takeovers = new ArrayDeque<>();
    private InstanceSettings settings;
    private boolean lowerHeard;
    private long delayedUntilNanos;
    private long dampedUntilNanos;
    private long nextDelayNanos;

    PreemptionGuard(InstanceSettings settings) {
        this.settings = settings;
        this.nextDelayNanos = settings.flapDamping().firstDelay().toNanos();
    }

    void reconfigure(InstanceSettings changed) {
        settings = changed;
    }

    /** A Backup begins anew: the delay counts from the next Master of lower priority. */
    void backupBegan() {
        lowerHeard = false;
    }

    /** A Master of our priority or above is there. */
    void higherHeard() {
        lowerHeard = false;
    }

    /**
     * A Master of lower priority is there.
     *
     * @return whether it may be taken over from
     */
    boolean lowerHeard(long nowNanos) {
        if (!lowerHeard) {
            lowerHeard = true;
            delayedUntilNanos = nowNanos + settings.preemption().delay().toNanos();
        }
        return allowedAtNanos() <= nowNanos;
    }

    /**
     * We are Master now.
     *
     * @return for how long the next preemption is held back; 0: it is not
     */
    long becameMaster(long nowNanos) {
        FlapDamping damping = settings.flapDamping();
        if (damping.tolerated() == 0 || settings.isOwner()) {
            return 0;
        }
        long since = nowNanos - damping.window().toNanos();
        while (!takeovers.isEmpty() && takeovers.getFirst() < since) {
            takeovers.removeFirst();
        }
        takeovers.addLast(nowNanos);
        if (takeovers.size() <= damping.tolerated()) {
            nextDelayNanos = damping.firstDelay().toNanos();
            return 0;
        }
        takeovers.removeFirst();
        long held = nextDelayNanos;
        dampedUntilNanos = nowNanos + held;
        nextDelayNanos = Math.min(2 * held, damping.longestDelay().toNanos());
        return held;
    }

    int takeovers() {
        return takeovers.size();
    }

    /** For how much longer damping holds preemption back. */
    long dampedForNanos(long nowNanos) {
        return takeovers.isEmpty() ? 0 : Math.max(0, dampedUntilNanos - nowNanos);
    }

    private long allowedAtNanos() {
        if (settings.isOwner()) {
            return Long.MIN_VALUE; // RFC 9568 6.1: the owner preempts whatever is configured
        }
        if (!settings.preemption().allowed()) {
            return NEVER;
        }
        return takeovers.isEmpty() || dampedUntilNanos == 0
                ? delayedUntilNanos
                : Math.max(delayedUntilNanos, dampedUntilNanos);
    }
}
