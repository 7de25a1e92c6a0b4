package io.holdfast.vrrp.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One {@code vrrp_instance}, with every default already filled in: a function of the configuration
 * alone. What is told to people and scripts about it (notify, mails) is not here.
 *
 * @param name unique
 * @param virtualRouterId 1 to 255; unique for interface and family
 * @param startAsMaster {@code state MASTER}: a wish only. Like Keepalived, a Master-to-be listens
 *     first, so that a restart does not fight.
 * @param priority 1 to 255; 255 owns the addresses
 * @param advertInterval version 2: whole seconds, 1 to 255 s; version 3: 0.01 to 40.95 s
 * @param addresses those that travel in adverts, in the order of the file
 * @param excludedAddresses put up and announced, but not named in adverts; may be of either family
 * @param trackPrimary whether the instance's own interface being down is a fault ({@code
 *     dont_track_primary} clears it)
 * @param promoteSecondaries sets the interface so that removing an address does not remove those
 *     after it in the same network
 * @param needsLease whether the addresses are held only while the cluster's lease is
 */
public record InstanceSettings(
        String name,
        int virtualRouterId,
        VrrpVersion version,
        AddressFamily family,
        String interfaceName,
        boolean startAsMaster,
        int priority,
        Duration advertInterval,
        Authentication authentication,
        List<VirtualAddress> addresses,
        List<VirtualAddress> excludedAddresses,
        List<VirtualRoute> routes,
        List<VirtualRule> rules,
        Preemption preemption,
        TransportSettings transport,
        Optional<VirtualMacSettings> virtualMac,
        AnnouncementSettings announcements,
        AdvertRules advertRules,
        Tracking tracking,
        boolean trackPrimary,
        boolean promoteSecondaries,
        FlapDamping flapDamping,
        boolean needsLease) {
    public static final int OWNER_PRIORITY = 255;

    public InstanceSettings {
        addresses = List.copyOf(addresses);
        excludedAddresses = List.copyOf(excludedAddresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    /** Keepalived's defaults for an instance of these addresses; the family is the first one's. */
    public static InstanceSettings of(
            String name,
            String interfaceName,
            VrrpVersion version,
            int virtualRouterId,
            int priority,
            List<VirtualAddress> addresses) {
        AddressFamily family = addresses.getFirst().address().family();
        return new InstanceSettings(
                name,
                virtualRouterId,
                version,
                family,
                interfaceName,
                false,
                priority,
                Duration.ofSeconds(1),
                Authentication.NONE,
                addresses,
                List.of(),
                List.of(),
                List.of(),
                Preemption.AT_ONCE,
                TransportSettings.multicast(family),
                Optional.empty(),
                AnnouncementSettings.DEFAULT,
                AdvertRules.DEFAULT,
                Tracking.NOTHING,
                true,
                false,
                FlapDamping.DEFAULT,
                false);
    }

    public boolean isOwner() {
        return priority == OWNER_PRIORITY;
    }
}
