package io.holdfast.vrrp.core;

import java.time.Duration;

/**
 * Whether a Backup of higher priority takes over from a Master that is well.
 *
 * @param allowed false with {@code nopreempt}
 * @param delay how long such a Backup waits after it started, or came out of FAULT, before it
 *     preempts ({@code preempt_delay})
 */
public record Preemption(boolean allowed, Duration delay) {
    public static final Preemption AT_ONCE = new Preemption(true, Duration.ZERO);
    public static final Preemption NEVER = new Preemption(false, Duration.ZERO);
}
