package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.AdvertRules;
import io.holdfast.vrrp.core.AnnouncementSettings;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.FlapDamping;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.Preemption;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.Tracking;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualMacSettings;
import io.holdfast.vrrp.core.VirtualRoute;
import io.holdfast.vrrp.core.VirtualRule;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code vrrp_instance NAME { ... }}: read first, settled when everything else is known. */
final class InstanceBlock {
    private static final int LARGEST_PREEMPT_DELAY_SECONDS = 1000;
    private static final double SHORTEST_ADVERT_SECONDS = 0.01;
    private static final double LONGEST_ADVERT_SECONDS = 255;

    private final String name;
    private final String owner;
    private final Place place;
    private final Defaults defaults;
    private final Findings findings;

    private boolean startAsMaster;
    private @Nullable String interfaceName;
    private OptionalInt virtualRouterId = OptionalInt.empty();
    private OptionalInt priority = OptionalInt.empty();
    private @Nullable Duration advertInterval;
    private Place advertPlace;
    private @Nullable VrrpVersion version;
    private final AuthenticationBlock authentication;
    private List<VirtualAddress> addresses = List.of();
    private List<VirtualAddress> excluded = List.of();
    private List<VirtualRoute> routes = List.of();
    private List<VirtualRule> rules = List.of();
    private boolean preempts = true;
    private Duration preemptDelay = Duration.ZERO;
    private final TransportKeywords transport;
    private final AnnouncementKeywords announcements = new AnnouncementKeywords();
    private final TrackingKeywords tracking = new TrackingKeywords();
    private final NotifyKeywords notify = new NotifyKeywords();
    private boolean virtualMac;
    private boolean virtualMacForAddresses;
    private @Nullable String macvlanName;
    private @Nullable Long macAddress;
    private boolean sendFromBase;
    private boolean trackPrimary = true;
    private boolean promoteSecondaries;
    private @Nullable Boolean accept;
    private @Nullable Boolean strict;
    private @Nullable Boolean skipAddressCheck;
    private @Nullable Boolean lowerPriorityNoAdvert;
    private @Nullable Boolean higherPrioritySendAdvert;
    private @Nullable Boolean ownerIgnoresAdverts;
    private OptionalInt downTimerAdverts = OptionalInt.empty();
    private boolean backupOnLateTimer;
    private boolean damped = true;
    private boolean needsLease;

    InstanceBlock(String name, Statement block, Defaults defaults, Findings findings) {
        this.name = name;
        this.owner = "vrrp_instance " + name;
        this.place = block.place();
        this.advertPlace = place;
        this.defaults = defaults;
        this.findings = findings;
        this.authentication = new AuthenticationBlock(owner, findings);
        this.transport = new TransportKeywords(owner, findings);
    }

    String name() {
        return name;
    }

    Place place() {
        return place;
    }

    void read(Statement block) {
        Section section = new Section(owner, findings);
        identity(section);
        addressing(section);
        rules(section);
        virtualMac(section);
        own(section);
        transport.addTo(section);
        announcements.addTo(section, "");
        tracking.addTo(section);
        notify.addTo(section);
        unserved(section);
        section.read(block.children());
    }

    private void identity(Section section) {
        section.on("state", this::state)
                .on("interface", s -> interfaceName = s.word().orElse(interfaceName))
                .on("virtual_router_id", s -> virtualRouterId = s.integer(1, 255))
                .on("priority", s -> priority = s.integer(1, InstanceSettings.OWNER_PRIORITY))
                .on("advert_int", this::advertInterval)
                .on("version", this::version)
                .on("authentication", s -> authentication.read(s.statement()))
                .on("preempt", s -> preempts = true)
                .on("nopreempt", s -> preempts = !s.flag(true))
                .on(
                        "preempt_delay",
                        s ->
                                preemptDelay =
                                        s.timer(0, LARGEST_PREEMPT_DELAY_SECONDS)
                                                .orElse(preemptDelay));
    }

    private void state(Setting setting) {
        switch (setting.word().orElse("BACKUP")) {
            case "MASTER" -> startAsMaster = true;
            case "BACKUP" -> startAsMaster = false;
            default -> {
                startAsMaster = false;
                setting.error(
                        "the state `"
                                + setting.values().getFirst()
                                + "` of "
                                + owner
                                + " is taken as BACKUP",
                        "only MASTER and BACKUP are states to start in, in capitals",
                        "write state BACKUP");
            }
        }
    }

    private void advertInterval(Setting setting) {
        advertPlace = setting.place();
        advertInterval =
                setting.timer(SHORTEST_ADVERT_SECONDS, LONGEST_ADVERT_SECONDS)
                        .orElse(advertInterval);
    }

    private void version(Setting setting) {
        setting.integer(2, 3).ifPresent(v -> version = v == 2 ? VrrpVersion.V2 : VrrpVersion.V3);
    }

    private void addressing(Section section) {
        section.each(
                        "virtual_ipaddress",
                        s -> addresses = both(addresses, AddressLines.read(block(s), findings)))
                .each(
                        "virtual_ipaddress_excluded",
                        s -> excluded = both(excluded, AddressLines.read(block(s), findings)))
                .each(
                        "virtual_routes",
                        s -> routes = both(routes, RouteLines.read(block(s), findings)))
                .each("virtual_rules", s -> rules = both(rules, RuleLines.read(block(s), findings)))
                .on("promote_secondaries", s -> promoteSecondaries = s.flag(true))
                .without("no_virtual_ipaddress");
    }

    private static <T> List<T> both(List<T> before, List<T> more) {
        return Stream.concat(before.stream(), more.stream()).toList();
    }

    private Statement block(Setting setting) {
        if (setting.statement().block().isEmpty()) {
            setting.error(
                    "`" + setting.keyword() + "` of " + owner + " has no block",
                    "its lines must stand in braces",
                    "write " + setting.keyword() + " { and } around them");
        }
        return setting.statement();
    }

    private void rules(Section section) {
        section.on("accept", s -> accept = true)
                .on("no_accept", this::noAccept)
                .on("strict_mode", s -> strict = s.flag(false))
                .on("skip_check_adv_addr", s -> skipAddressCheck = s.flag(false))
                .on("lower_prio_no_advert", s -> lowerPriorityNoAdvert = s.flag(false))
                .on("higher_prio_send_advert", s -> higherPrioritySendAdvert = s.flag(false))
                .on("owner_ignore_adverts", s -> ownerIgnoresAdverts = s.flag(false))
                .on("down_timer_adverts", s -> downTimerAdverts = s.integer(1, 100))
                .on("timer_expired_backup", s -> backupOnLateTimer = s.flag(true))
                .on("thread_timer_expired", s -> backupOnLateTimer = s.flag(true))
                .on("dont_track_primary", s -> trackPrimary = !s.flag(true));
    }

    private void noAccept(Setting setting) {
        accept = false;
        setting.warning(
                "no_accept of " + owner + " is not enforced",
                "Holdfast writes no firewall rules: packets to its addresses are accepted",
                "write the rules yourself, or remove it; storage is served at these addresses");
    }

    private void virtualMac(Section section) {
        section.on("use_vmac", this::useVirtualMac)
                .on("use_vmac_addr", s -> virtualMacForAddresses = s.flag(true))
                .on("vmac_xmit_base", s -> sendFromBase = s.flag(true));
    }

    // use_vmac [NAME] [MAC]; a MAC of five bytes gets the virtual router ID as its sixth.
    private void useVirtualMac(Setting setting) {
        virtualMac = true;
        for (String word : setting.values()) {
            if (word.matches("(\\p{XDigit}{1,2}:){4,5}\\p{XDigit}{1,2}")) {
                String[] bytes = word.split(":", -1);
                long mac = 0;
                for (String part : bytes) {
                    mac = mac << 8 | Integer.parseInt(part, 16);
                }
                macAddress = bytes.length == 6 ? mac : mac << 8 | virtualRouterId.orElse(0);
            } else if (word.length() <= 15) {
                macvlanName = word;
            } else {
                setting.notA("name of an interface (at most 15 characters)", word);
            }
        }
    }

    /** Settings of Holdfast's own; written behind {@code #holdfast:}, comments to Keepalived. */
    private void own(Section section) {
        section.on("flap_damping", s -> damped = s.flag(true))
                .on("needs_lease", s -> needsLease = s.flag(true));
    }

    private void unserved(Section section) {
        section.without("native_ipv6", "debug", "linkbeat_use_polling")
                .notServed(
                        "Holdfast makes no ipvlan interfaces; the instance runs on its interface",
                        "use use_vmac, or remove it",
                        "use_ipvlan")
                .notServed(
                        "the instance runs in the routing domain of its interface",
                        "name an interface of that VRF",
                        "vrf")
                .notServed(
                        "it concerns load balancing (LVS), which Holdfast does not do",
                        "leave load balancing to Keepalived with --check",
                        "lvs_sync_daemon_interface")
                .notServed(
                        "it belongs to Keepalived 2.4 alone; adverts are sent without it, so such"
                                + " a peer would drop them",
                        "use auth_type PASS or none on both nodes",
                        "auth_hmac");
    }

    NotifySettings notifySettings() {
        return notify.settings(defaults);
    }

    /** What it comes to; empty when it cannot run at all, which was told. */
    Optional<InstanceSettings> settle(
            Trackables trackables, AnnouncementSettings globalAnnouncements) {
        String device = interfaceName;
        if (virtualRouterId.isEmpty()) {
            findings.fatal(
                    place,
                    owner + " has no virtual_router_id",
                    "nodes recognise each other by it",
                    "add virtual_router_id NUMBER (1 to 255), the same on all nodes");
        }
        if (device == null) {
            findings.fatal(
                    place,
                    owner + " has no interface",
                    "adverts leave and addresses are put up there",
                    "add interface NAME");
        }
        if (virtualRouterId.isEmpty() || device == null) {
            return Optional.empty();
        }
        AddressFamily family = family();
        List<VirtualAddress> served = ofOneFamily(family);
        VrrpVersion spoken = version(family);
        boolean strictMode = strict == null ? defaults.strict : strict;
        int ownPriority = priority.orElse(startAsMaster ? 255 : 100);
        return Optional.of(
                new InstanceSettings(
                        name,
                        virtualRouterId.getAsInt(),
                        spoken,
                        family,
                        device,
                        startAsMaster,
                        ownPriority,
                        interval(spoken),
                        authentication(spoken, strictMode),
                        served,
                        excluded,
                        routes,
                        rules,
                        preemption(ownPriority),
                        transport.settings(family, spoken, defaults),
                        macSettings(family),
                        announcements.over(globalAnnouncements, otherInterfaces(device)),
                        advertRules(strictMode, ownPriority),
                        withoutOwnInterface(tracking.resolve(trackables), device),
                        trackPrimary,
                        promoteSecondaries,
                        damped ? FlapDamping.DEFAULT : FlapDamping.OFF,
                        needsLease));
    }

    private AddressFamily family() {
        Optional<IpAddress> first = addresses.stream().map(VirtualAddress::address).findFirst();
        if (first.isEmpty()) {
            findings.error(
                    place,
                    owner + " has no virtual_ipaddress",
                    excluded.isEmpty()
                            ? "so a takeover moves nothing"
                            : "its adverts name no address; RFC 9568 wants one at least",
                    "add virtual_ipaddress { ADDRESS/PREFIXLENGTH }");
        }
        return first.or(transport::anyAddress).map(IpAddress::family).orElse(AddressFamily.IPV4);
    }

    private List<VirtualAddress> ofOneFamily(AddressFamily family) {
        List<VirtualAddress> served = new ArrayList<>();
        for (VirtualAddress address : addresses) {
            if (address.address().family() == family) {
                served.add(address);
            } else {
                findings.error(
                        place,
                        "the address " + address.address() + " of " + owner + " is left out",
                        "one instance's adverts carry " + family + " only, as its first address is",
                        "move it to virtual_ipaddress_excluded, or to an instance of its own");
            }
        }
        return served;
    }

    private VrrpVersion version(AddressFamily family) {
        if (family == AddressFamily.IPV4) {
            return version == null ? defaults.version : version;
        }
        if (version == VrrpVersion.V2) {
            findings.warning(
                    place,
                    owner + " speaks version 3",
                    "version 2 knows no IPv6; Keepalived takes version 3 too",
                    "write version 3");
        }
        return VrrpVersion.V3;
    }

    private Duration interval(VrrpVersion spoken) {
        Duration wanted = advertInterval == null ? Duration.ofSeconds(1) : advertInterval;
        long unitMillis = spoken == VrrpVersion.V2 ? 1000 : 10;
        long mostMillis = spoken == VrrpVersion.V2 ? 255_000 : 40_950;
        long micros = wanted.toNanos() / 1000;
        long units = Math.max(1, (micros + unitMillis * 500) / (unitMillis * 1000));
        Duration possible = Duration.ofMillis(Math.min(units * unitMillis, mostMillis));
        if (!possible.equals(wanted)) {
            findings.error(
                    advertPlace,
                    "the advert_int of " + owner + " is taken as " + seconds(possible),
                    spoken == VrrpVersion.V2
                            ? "version 2 counts whole seconds, and nodes with different intervals"
                                    + " ignore each other"
                            : "version 3 counts hundredths of a second up to 40.95",
                    spoken == VrrpVersion.V2
                            ? "write a whole number, or add version 3 on all nodes"
                            : "write a multiple of 0.01 up to 40.95");
        }
        return possible;
    }

    private static String seconds(Duration duration) {
        return java.math.BigDecimal.valueOf(duration.toMillis(), 3)
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
    }

    private Authentication authentication(VrrpVersion spoken, boolean strictMode) {
        return authentication.settle(spoken, strictMode, transport.isUnicast());
    }

    private Preemption preemption(int ownPriority) {
        boolean delayed = !preemptDelay.isZero();
        if (startAsMaster && (!preempts || delayed)) {
            // Keepalived: "will not work with initial state MASTER - clearing".
            findings.error(
                    place,
                    (preempts ? "preempt_delay" : "nopreempt") + " of " + owner + " is left out",
                    "it has no effect with state MASTER; Keepalived clears it too",
                    "write state BACKUP");
            return Preemption.AT_ONCE;
        }
        if (!preempts && ownPriority == InstanceSettings.OWNER_PRIORITY) {
            findings.error(
                    place,
                    "nopreempt of " + owner + " is left out",
                    "priority 255 owns the addresses and always takes them",
                    "choose a priority below 255, or remove nopreempt");
            return Preemption.AT_ONCE;
        }
        return new Preemption(preempts, preempts ? preemptDelay : Duration.ZERO);
    }

    private Optional<VirtualMacSettings> macSettings(AddressFamily family) {
        if (!virtualMac && !virtualMacForAddresses) {
            return Optional.empty();
        }
        String prefix = defaults.macvlanPrefix + (family == AddressFamily.IPV6 ? "6." : ".");
        String device = macvlanName == null ? prefix + virtualRouterId.orElse(0) : macvlanName;
        return Optional.of(
                new VirtualMacSettings(
                        device, Optional.ofNullable(macAddress), sendFromBase, !virtualMac));
    }

    private List<String> otherInterfaces(String device) {
        return both(addresses, excluded).stream()
                .flatMap(address -> address.interfaceName().stream())
                .filter(other -> !other.equals(device))
                .distinct()
                .toList();
    }

    private AdvertRules advertRules(boolean strictMode, int ownPriority) {
        boolean accepts = strictMode ? ownPriority == InstanceSettings.OWNER_PRIORITY : true;
        return new AdvertRules(
                strictMode,
                accept == null ? accepts : accept,
                or(skipAddressCheck, defaults.skipAddressCheck),
                !or(lowerPriorityNoAdvert, defaults.lowerPriorityNoAdvert),
                or(higherPrioritySendAdvert, defaults.higherPrioritySendAdvert),
                downTimerAdverts.orElse(defaults.downTimerAdverts),
                backupOnLateTimer,
                or(ownerIgnoresAdverts, defaults.ownerIgnoresAdverts));
    }

    private static boolean or(@Nullable Boolean set, boolean otherwise) {
        return set == null ? otherwise : set;
    }

    private Tracking withoutOwnInterface(Tracking tracked, String device) {
        List<Tracked> others =
                tracked.interfaces().stream().filter(t -> !t.name().equals(device)).toList();
        if (others.size() < tracked.interfaces().size()) {
            findings.warning(
                    place,
                    owner + " tracks its own interface " + device,
                    "it does so anyway; Keepalived passes over it, and its --config-test fails",
                    "remove " + device + " from track_interface");
        }
        return new Tracking(others, tracked.scripts(), tracked.files(), tracked.processes());
    }
}
