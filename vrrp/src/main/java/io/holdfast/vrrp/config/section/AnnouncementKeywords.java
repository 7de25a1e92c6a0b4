package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.core.AnnouncementSettings;
import io.holdfast.vrrp.core.AnnouncementSettings.ExtraInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code garp_*}: the same words in an instance and, with {@code vrrp_} before, globally. */
final class AnnouncementKeywords {
    private static final int LONGEST_DELAY_SECONDS = 1_000_000;
    private static final int MOST_REPEATS = 10_000;
    private static final int DAY_SECONDS = 86_400;

    private @Nullable Duration delay;
    private @Nullable Integer repeat;
    private @Nullable Duration refresh;
    private @Nullable Integer refreshRepeat;
    private @Nullable Duration lowerDelay;
    private @Nullable Integer lowerRepeat;
    private @Nullable Duration extraEvery;
    private @Nullable Boolean afterHeal;
    private boolean extraEverywhere;
    @Nullable Duration arpInterval;
    @Nullable Duration advertisementInterval;

    /**
     * @param prefix {@code vrrp_} in {@code global_defs}
     */
    void addTo(Section section, String prefix) {
        section.on(prefix + "garp_master_delay", s -> delay = seconds(s, delay))
                .on(prefix + "garp_master_repeat", s -> repeat = count(s, repeat))
                .on(prefix + "garp_master_refresh", s -> refresh = seconds(s, refresh))
                .on(
                        prefix + "garp_master_refresh_repeat",
                        s -> refreshRepeat = count(s, refreshRepeat))
                .on(prefix + "garp_lower_prio_delay", s -> lowerDelay = seconds(s, lowerDelay))
                .on(prefix + "garp_lower_prio_repeat", s -> lowerRepeat = count(s, lowerRepeat))
                .on(prefix + "garp_extra_if", this::extra)
                .on("announce_after_heal", s -> afterHeal = s.flag(true));
    }

    /** Once, and not again: {@code vrrp_min_garp}. */
    void least() {
        repeat = 1;
        delay = Duration.ZERO;
    }

    private void extra(Setting setting) {
        List<String> values = new ArrayList<>(setting.values());
        extraEverywhere = !values.isEmpty() && values.removeIf("all"::equals);
        if (values.isEmpty()) {
            setting.error(
                    "`" + setting.keyword() + "` has no interval",
                    "it takes the seconds between two announcements",
                    "write: " + setting.keyword() + " [all] SECONDS");
            return;
        }
        setting.timer(values.getFirst(), 0, DAY_SECONDS).ifPresent(every -> extraEvery = every);
    }

    private static @Nullable Duration seconds(Setting setting, @Nullable Duration otherwise) {
        return setting.timer(0, LONGEST_DELAY_SECONDS).orElse(otherwise);
    }

    private static @Nullable Integer count(Setting setting, @Nullable Integer otherwise) {
        var number = setting.integer(0, MOST_REPEATS);
        return number.isPresent() ? Integer.valueOf(number.getAsInt()) : otherwise;
    }

    /** What holds for an instance, where {@code above} are the global ones. */
    AnnouncementSettings over(AnnouncementSettings above, List<String> otherInterfaces) {
        int repeats = or(repeat, above.repeat());
        Duration delays = or(delay, above.delay());
        Duration every = extraEvery;
        List<ExtraInterface> extras =
                every == null
                        ? above.extraInterfaces()
                        : otherInterfaces.stream()
                                .map(name -> new ExtraInterface(name, every, extraEverywhere))
                                .toList();
        return new AnnouncementSettings(
                repeats,
                delays,
                or(refresh, above.refresh()),
                or(refreshRepeat, above.refreshRepeat()),
                // Their own defaults are whatever the master's came to be.
                or(lowerRepeat, repeat == null ? above.lowerPriorityRepeat() : repeats),
                or(lowerDelay, delay == null ? above.lowerPriorityDelay() : delays),
                or(arpInterval, above.arpInterval()),
                or(advertisementInterval, above.advertisementInterval()),
                extras,
                or(afterHeal, above.afterHeal()));
    }

    private static <T> T or(@Nullable T set, T otherwise) {
        return set == null ? otherwise : set;
    }
}
