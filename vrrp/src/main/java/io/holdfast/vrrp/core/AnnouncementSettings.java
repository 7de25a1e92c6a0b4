package io.holdfast.vrrp.core;

import java.time.Duration;
import java.util.List;

/**
 * When and how often a Master tells the neighbours where its addresses are: gratuitous ARP and
 * unsolicited neighbour advertisements ({@code garp_*}).
 *
 * @param repeat how many at once on becoming Master
 * @param delay after which the same number is sent again; zero: not again
 * @param refresh again and again while Master; zero: see {@link #afterHeal}
 * @param refreshRepeat how many at each refresh
 * @param lowerPriorityRepeat how many after a rival of lower priority was heard
 * @param lowerPriorityDelay and again after this
 * @param arpInterval shortest time between two gratuitous ARPs of one interface; zero: none
 * @param advertisementInterval likewise for neighbour advertisements
 * @param extraInterfaces other interfaces that are told too ({@code garp_extra_if})
 * @param afterHeal whether to announce again when a rival Master gave way or fell silent, when the
 *     interface's carrier came back, and (without {@link #refresh}) once every 5 s, for rivals that
 *     were never heard. Keepalived does none of it: neighbours that believed the other half of a
 *     split keep doing so.
 */
public record AnnouncementSettings(
        int repeat,
        Duration delay,
        Duration refresh,
        int refreshRepeat,
        int lowerPriorityRepeat,
        Duration lowerPriorityDelay,
        Duration arpInterval,
        Duration advertisementInterval,
        List<ExtraInterface> extraInterfaces,
        boolean afterHeal) {
    public static final AnnouncementSettings DEFAULT =
            new AnnouncementSettings(
                    5,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    1,
                    5,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    Duration.ZERO,
                    List.of(),
                    true);

    public AnnouncementSettings {
        extraInterfaces = List.copyOf(extraInterfaces);
    }

    /**
     * One line of {@code garp_extra_if}.
     *
     * @param every also in between, at this interval; zero: only with the others
     */
    public record ExtraInterface(String interfaceName, Duration every, boolean allVirtualMacs) {}
}
