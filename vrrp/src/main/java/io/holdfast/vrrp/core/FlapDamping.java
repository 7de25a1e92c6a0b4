package io.holdfast.vrrp.core;

import java.time.Duration;

/**
 * Keeps a Backup that has been Master again and again from preempting once more for a while. It
 * only ever delays a preemption; a Master that is silent is replaced at once however often that
 * happened.
 *
 * @param tolerated this many takeovers in {@link #window} are ordinary; 0: no damping
 * @param firstDelay after which the next preemption is allowed; doubled with each further takeover
 * @param longestDelay where doubling ends
 */
public record FlapDamping(
        int tolerated, Duration window, Duration firstDelay, Duration longestDelay) {
    public static final FlapDamping OFF =
            new FlapDamping(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Five takeovers in a minute are ordinary; then 10 s, 20 s … 5 minutes. */
    public static final FlapDamping DEFAULT =
            new FlapDamping(
                    5, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(5));
}
