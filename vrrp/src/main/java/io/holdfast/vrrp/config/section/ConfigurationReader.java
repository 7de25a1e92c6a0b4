package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.AnnouncementSettings;
import io.holdfast.vrrp.core.GroupSettings;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.RouterSettings.InterfaceDelay;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualRoute;
import io.holdfast.vrrp.core.VirtualRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks the statements of a whole configuration, block by block. */
public final class ConfigurationReader {
    private static final double LONGEST_INTERFACE_DELAY_SECONDS = 255;

    private final Findings findings;
    private final Defaults defaults = new Defaults();
    private final GlobalDefs global;
    private final Trackables trackables = new Trackables();
    private final Map<String, InstanceBlock> instances = new LinkedHashMap<>();
    private final Map<String, GroupBlock> groups = new LinkedHashMap<>();
    private final List<GarpGroupBlock> garpGroups = new ArrayList<>();
    private final List<VirtualAddress> staticAddresses = new ArrayList<>();
    private final List<VirtualRoute> staticRoutes = new ArrayList<>();
    private final List<VirtualRule> staticRules = new ArrayList<>();
    private final List<InterfaceDelay> interfaceDelays = new ArrayList<>();
    private int loadBalancing;
    private boolean unserved;

    private ConfigurationReader(String hostName, Findings findings) {
        this.findings = findings;
        this.global = new GlobalDefs(defaults, hostName, findings);
    }

    /** What all statements come to. */
    public static KeepalivedSettings read(
            List<Statement> statements, String file, String hostName, Findings findings) {
        ConfigurationReader reader = new ConfigurationReader(hostName, findings);
        // First what others take their defaults from, wherever it stands.
        statements.stream()
                .filter(s -> s.keyword().equals("global_defs"))
                .forEach(reader.global::read);
        statements.stream().filter(s -> !s.keyword().equals("global_defs")).forEach(reader::block);
        return reader.settle(new Place(file, 0));
    }

    private void block(Statement block) {
        switch (block.keyword()) {
            case "vrrp_instance" ->
                    named(block, instances)
                            .ifPresent(
                                    name -> {
                                        InstanceBlock instance =
                                                new InstanceBlock(name, block, defaults, findings);
                                        instances.put(name, instance);
                                        instance.read(block);
                                    });
            case "vrrp_sync_group" ->
                    named(block, groups)
                            .ifPresent(
                                    name -> {
                                        GroupBlock group = new GroupBlock(name, block, findings);
                                        groups.put(name, group);
                                        group.read(block);
                                    });
            case "vrrp_script" ->
                    named(block, trackables.scripts)
                            .ifPresent(
                                    name ->
                                            new ScriptBlock()
                                                    .read(name, block, trackables, findings));
            case "track_file", "vrrp_track_file" ->
                    named(block, trackables.files)
                            .ifPresent(
                                    name ->
                                            new FileBlock()
                                                    .read(name, block, trackables, findings));
            case "vrrp_track_process" ->
                    named(block, trackables.processes)
                            .ifPresent(
                                    name ->
                                            new ProcessBlock()
                                                    .read(name, block, trackables, findings));
            case "static_ipaddress" -> staticAddresses(block);
            case "static_routes" -> staticRoutes.addAll(RouteLines.read(block, findings));
            case "static_rules" -> staticRules.addAll(RuleLines.read(block, findings));
            case "garp_group" -> garpGroup(block);
            case "interface_up_down_delays" -> block.children().forEach(this::interfaceDelay);
            // Carrier changes come by netlink; nothing is polled.
            case "linkbeat_interfaces" -> {}
            case "track_group" ->
                    notServed(
                            block,
                            "no instance goes to FAULT for a static address, route or rule; one"
                                    + " that is lost is put up again");
            case "bfd_instance" -> bidirectionalForwardingDetection(block);
            case "virtual_server", "virtual_server_group", "SSL" -> loadBalancing(block);
            default -> other(block);
        }
    }

    private <T> Optional<String> named(Statement block, Map<String, T> known) {
        if (block.values().isEmpty()) {
            findings.error(
                    block.place(),
                    "a " + block.keyword() + " without name is left out",
                    "other parts of the file, logs and scripts call it by its name",
                    "write " + block.keyword() + " NAME {");
            return Optional.empty();
        }
        new Setting(withoutBlock(block), "the file", findings).noMoreThan(1);
        String name = block.values().getFirst();
        if (block.block().isEmpty()) {
            findings.error(
                    block.place(),
                    block.keyword() + " " + name + " has no block",
                    "no { follows it; Keepalived passes over it too",
                    "write " + block.keyword() + " " + name + " { ... }");
            return Optional.empty();
        }
        if (known.containsKey(name)) {
            findings.error(
                    block.place(),
                    "a second " + block.keyword() + " " + name + " is left out",
                    "there is one of that name already",
                    "give it another name");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private static Statement withoutBlock(Statement statement) {
        return new Statement(
                statement.words(), statement.text(), statement.place(), Optional.empty());
    }

    private void staticAddresses(Statement block) {
        for (VirtualAddress address : AddressLines.read(block, findings)) {
            staticAddresses.add(
                    address.interfaceName().isPresent()
                            ? address
                            : onInterface(address, defaults.defaultInterface));
        }
    }

    private static VirtualAddress onInterface(VirtualAddress a, String name) {
        return new VirtualAddress(
                a.address(),
                a.prefixLength(),
                Optional.of(name),
                a.broadcast(),
                a.scope(),
                a.label(),
                a.peer(),
                a.home(),
                a.manageTemporary(),
                a.noPrefixRoute(),
                a.autojoin(),
                a.detectDuplicates(),
                a.preferredLifetime(),
                a.tracked(),
                a.onVirtualMac());
    }

    private void garpGroup(Statement block) {
        GarpGroupBlock group = new GarpGroupBlock();
        group.read(block, findings);
        garpGroups.add(group);
    }

    // NAME DOWN [UP]
    private void interfaceDelay(Statement line) {
        Setting setting = new Setting(line, "interface_up_down_delays", findings);
        if (line.values().isEmpty()) {
            setting.word();
            return;
        }
        setting.noMoreThan(2);
        Optional<Duration> down =
                setting.timer(line.values().getFirst(), 0, LONGEST_INTERFACE_DELAY_SECONDS);
        Optional<Duration> up =
                line.values().size() > 1
                        ? setting.timer(line.values().get(1), 0, LONGEST_INTERFACE_DELAY_SECONDS)
                        : down;
        if (down.isPresent() && up.isPresent()) {
            interfaceDelays.add(new InterfaceDelay(line.keyword(), down.get(), up.get()));
        }
    }

    private void notServed(Statement block, String why) {
        findings.warning(
                block.place(),
                "`" + String.join(" ", block.words()) + "` is not served",
                why,
                "remove the block");
    }

    private void bidirectionalForwardingDetection(Statement block) {
        if (!block.values().isEmpty()) {
            String name = block.values().getFirst();
            trackables.bfdSessions.put(name, Tracked.fatal(name));
        }
        findings.error(
                block.place(),
                "`" + String.join(" ", block.words()) + "` is not served",
                "Holdfast does not speak BFD; what tracks it is not watched",
                "use adverts of 0.01 to 0.1 s (version 3), which notice a lost Master as fast");
    }

    // One finding: a load balancer's file has hundreds of them.
    private void loadBalancing(Statement block) {
        if (loadBalancing++ == 0) {
            findings.warning(
                    block.place(),
                    "load balancing (`"
                            + block.keyword()
                            + "` and all others in the file) is not served",
                    "Holdfast moves addresses; it does not distribute connections (LVS)",
                    "run Keepalived with --check beside it for that");
        }
    }

    private void other(Statement statement) {
        if (GlobalDefs.standsOutside(statement.keyword())) {
            global.readOutside(statement);
            return;
        }
        unserved = true;
        Optional<String> nearest = NearestKeyword.of(statement.keyword(), TopLevel.KEYWORDS);
        findings.error(
                statement.place(),
                "unknown keyword `" + statement.keyword() + "`",
                nearest.map(near -> "perhaps `" + near + "` is meant")
                                .orElse("no block or setting outside of blocks has that name")
                        + (statement.block().isPresent() ? "; its block is left out" : ""),
                nearest.map(near -> "write `" + near + "`, or remove the line")
                        .orElse("remove the line, or look for a { missing before it"));
    }

    private KeepalivedSettings settle(Place file) {
        Map<String, InstanceSettings> settled = new LinkedHashMap<>();
        for (InstanceBlock block : instances.values()) {
            block.settle(trackables, globalAnnouncements())
                    .map(this::withGarpGroup)
                    .ifPresent(instance -> settled.put(block.name(), instance));
        }
        refuseTwins(settled);
        Set<String> taken = new HashSet<>();
        List<GroupSettings> settledGroups =
                groups.values().stream()
                        .flatMap(group -> group.settle(settled, taken, trackables).stream())
                        .toList();
        RouterSettings router =
                new RouterSettings(
                        List.copyOf(settled.values()),
                        settledGroups,
                        trackables.scriptSettings,
                        trackables.fileSettings,
                        trackables.processSettings,
                        staticAddresses,
                        staticRoutes,
                        staticRules,
                        interfaceDelays,
                        defaults.startupDelay == null ? Duration.ZERO : defaults.startupDelay,
                        defaults.dynamicInterfaces,
                        defaults.logUnknownVirtualRouters);
        refuseNothing(router, file);
        return new KeepalivedSettings(
                router, global.settings(), notifications(), groupNotifications());
    }

    private AnnouncementSettings globalAnnouncements() {
        return defaults.announcements.over(AnnouncementSettings.DEFAULT, List.of());
    }

    private InstanceSettings withGarpGroup(InstanceSettings instance) {
        for (GarpGroupBlock group : garpGroups) {
            if (group.interfaces().contains(instance.interfaceName())) {
                return withPauses(instance, group);
            }
        }
        return instance;
    }

    private static InstanceSettings withPauses(InstanceSettings i, GarpGroupBlock group) {
        AnnouncementSettings a = i.announcements();
        Duration arp = group.arpInterval();
        Duration advertisement = group.advertisementInterval();
        AnnouncementSettings paused =
                new AnnouncementSettings(
                        a.repeat(),
                        a.delay(),
                        a.refresh(),
                        a.refreshRepeat(),
                        a.lowerPriorityRepeat(),
                        a.lowerPriorityDelay(),
                        arp == null ? a.arpInterval() : arp,
                        advertisement == null ? a.advertisementInterval() : advertisement,
                        a.extraInterfaces(),
                        a.afterHeal());
        return new InstanceSettings(
                i.name(),
                i.virtualRouterId(),
                i.version(),
                i.family(),
                i.interfaceName(),
                i.startAsMaster(),
                i.priority(),
                i.advertInterval(),
                i.authentication(),
                i.addresses(),
                i.excludedAddresses(),
                i.routes(),
                i.rules(),
                i.preemption(),
                i.transport(),
                i.virtualMac(),
                paused,
                i.advertRules(),
                i.tracking(),
                i.trackPrimary(),
                i.promoteSecondaries(),
                i.flapDamping(),
                i.needsLease());
    }

    /** Two instances that would take each other's adverts for their own. */
    private record Identity(String interfaceName, AddressFamily family, int virtualRouterId) {}

    private void refuseTwins(Map<String, InstanceSettings> settled) {
        Map<Identity, String> seen = new HashMap<>();
        for (InstanceSettings instance : settled.values()) {
            Identity identity =
                    new Identity(
                            instance.interfaceName(),
                            instance.family(),
                            instance.virtualRouterId());
            String twin = seen.putIfAbsent(identity, instance.name());
            InstanceBlock block = instances.get(instance.name());
            if (twin != null && block != null) {
                findings.fatal(
                        block.place(),
                        twin
                                + " and "
                                + instance.name()
                                + " both use virtual_router_id "
                                + instance.virtualRouterId()
                                + " with "
                                + instance.family()
                                + " on "
                                + instance.interfaceName(),
                        "each would take the other's adverts for its own",
                        "give one of them another virtual_router_id, on all nodes");
            }
        }
    }

    // A daemon that runs with nothing configured looks well and protects nothing.
    private void refuseNothing(RouterSettings router, Place file) {
        boolean nothing =
                router.instances().isEmpty()
                        && router.staticAddresses().isEmpty()
                        && router.staticRoutes().isEmpty()
                        && router.staticRules().isEmpty();
        // Whoever was told why, need not be told that.
        if (!nothing || findings.hasFatal()) {
            return;
        }
        findings.fatal(
                file,
                "nothing is configured",
                loadBalancing > 0
                        ? "the file has load balancing only, which Holdfast does not serve"
                        : unserved
                                ? "no line of it could be understood as a vrrp_instance; Keepalived"
                                        + " would run on with nothing to do, and no address would"
                                        + " ever move"
                                : "it has no vrrp_instance; Keepalived would run on with nothing to"
                                        + " do",
                "define a vrrp_instance NAME { ... }");
    }

    private Map<String, NotifySettings> notifications() {
        Map<String, NotifySettings> all = new LinkedHashMap<>();
        instances.values().forEach(block -> all.put(block.name(), block.notifySettings()));
        return all;
    }

    private Map<String, NotifySettings> groupNotifications() {
        Map<String, NotifySettings> all = new LinkedHashMap<>();
        groups.values().forEach(block -> all.put(block.name(), block.notifySettings(defaults)));
        return all;
    }
}
