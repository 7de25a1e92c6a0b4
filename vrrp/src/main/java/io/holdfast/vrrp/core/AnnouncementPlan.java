package io.holdfast.vrrp.core;

import java.util.List;

/**
 * When a Master tells the neighbours where its addresses are: at once and again after {@code
 * garp_master_delay}; every {@code garp_master_refresh}, or every 5 s; when a rival of lower
 * priority is heard, and when it is gone, for whoever heard the rival's announcement last believes
 * it.
 */
final class AnnouncementPlan {
    private static final long NEVER = Long.MAX_VALUE;

    /**
     * How often announcements are repeated without {@code garp_master_refresh}. A rival beyond a
     * split that yields to our first advert after it is healed was never heard here, and those
     * neighbours that it drew to itself would believe it until their entries expire.
     */
    private static final long UNHEARD_RIVAL_NANOS = 5_000_000_000L;

    private InstanceSettings settings;
    private long againAtNanos = NEVER;
    private int againTimes;
    private long refreshAtNanos = NEVER;
    private long quietUntilNanos;

    AnnouncementPlan(InstanceSettings settings) {
        this.settings = settings;
    }

    void reconfigure(InstanceSettings changed, long nowNanos) {
        settings = changed;
        if (refreshAtNanos != NEVER || againAtNanos != NEVER) {
            scheduleRefresh(nowNanos);
        }
    }

    /** Addresses went up, or may have been forgotten by the neighbours. */
    void begin(long nowNanos, List<RouterEffect> effects) {
        AnnouncementSettings plan = settings.announcements();
        announce(plan.repeat(), effects);
        againAtNanos = plan.delay().isZero() ? NEVER : nowNanos + plan.delay().toNanos();
        againTimes = plan.repeat();
        scheduleRefresh(nowNanos);
    }

    /** A rival of lower priority may have drawn the neighbours to itself. */
    void rivalHeard(long nowNanos, List<RouterEffect> effects) {
        if (nowNanos < quietUntilNanos) {
            return;
        }
        AnnouncementSettings plan = settings.announcements();
        quietUntilNanos = nowNanos + plan.lowerPriorityDelay().toNanos();
        announce(plan.lowerPriorityRepeat(), effects);
        if (!plan.lowerPriorityDelay().isZero()) {
            againAtNanos = quietUntilNanos;
            againTimes = plan.lowerPriorityRepeat();
        }
    }

    /** Not Master any more: nothing may be announced from now on. */
    void end() {
        againAtNanos = NEVER;
        refreshAtNanos = NEVER;
    }

    long dueAtNanos() {
        return Math.min(againAtNanos, refreshAtNanos);
    }

    void timePassed(long nowNanos, List<RouterEffect> effects) {
        if (againAtNanos <= nowNanos) {
            againAtNanos = NEVER;
            announce(againTimes, effects);
            scheduleRefresh(nowNanos);
        }
        if (refreshAtNanos <= nowNanos) {
            announce(settings.announcements().refreshRepeat(), effects);
            scheduleRefresh(nowNanos);
        }
    }

    private void scheduleRefresh(long nowNanos) {
        AnnouncementSettings plan = settings.announcements();
        long refresh = plan.refresh().toNanos();
        if (refresh == 0 && plan.afterHeal()) {
            refresh = UNHEARD_RIVAL_NANOS;
        }
        refreshAtNanos = refresh == 0 ? NEVER : nowNanos + refresh;
    }

    private void announce(int times, List<RouterEffect> effects) {
        if (times > 0) {
            effects.add(new RouterEffect.Announce(settings, times));
        }
    }
}
