package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.TransportSettings;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code global_defs} sets for instances that do not say otherwise. */
final class Defaults {
    VrrpVersion version = VrrpVersion.V2;
    IpAddress group4 = TransportSettings.MULTICAST_GROUP_V4;
    IpAddress group6 = TransportSettings.MULTICAST_GROUP_V6;
    String defaultInterface = "eth0";
    final AnnouncementKeywords announcements = new AnnouncementKeywords();
    int downTimerAdverts = 3;
    boolean lowerPriorityNoAdvert;
    boolean higherPrioritySendAdvert;
    boolean checkUnicastSource;
    boolean skipAddressCheck;
    boolean strict;
    boolean ownerIgnoresAdverts;
    boolean checksumAsVersion2;
    boolean notifyPriorityChanges;
    boolean smtpAlert;
    String macvlanPrefix = "vrrp";
    @Nullable Duration startupDelay;
    boolean dynamicInterfaces;
    boolean logUnknownVirtualRouters;
}
