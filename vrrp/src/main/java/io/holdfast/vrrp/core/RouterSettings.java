package io.holdfast.vrrp.core;

import java.time.Duration;
import java.util.List;

/**
 * All that a VRRP router is told: the whole configuration file, less what concerns people and
 * scripts (notify, mails, metrics).
 *
 * @param staticAddresses put up at start and left until the end, whatever the states; likewise
 *     routes and rules
 * @param interfaceDelays {@code interface_up_down_delays}
 * @param startupDelay {@code vrrp_startup_delay}: nothing is sent and no timer begins before
 * @param dynamicInterfaces whether an interface may be missing at start; it is waited for
 * @param logUnknownVirtualRouters {@code log_unknown_vrids}
 */
public record RouterSettings(
        List<InstanceSettings> instances,
        List<GroupSettings> groups,
        List<ScriptSettings> scripts,
        List<FileSettings> files,
        List<ProcessSettings> processes,
        List<VirtualAddress> staticAddresses,
        List<VirtualRoute> staticRoutes,
        List<VirtualRule> staticRules,
        List<InterfaceDelay> interfaceDelays,
        Duration startupDelay,
        boolean dynamicInterfaces,
        boolean logUnknownVirtualRouters) {
    public RouterSettings {
        instances = List.copyOf(instances);
        groups = List.copyOf(groups);
        scripts = List.copyOf(scripts);
        files = List.copyOf(files);
        processes = List.copyOf(processes);
        staticAddresses = List.copyOf(staticAddresses);
        staticRoutes = List.copyOf(staticRoutes);
        staticRules = List.copyOf(staticRules);
        interfaceDelays = List.copyOf(interfaceDelays);
    }

    /** Instances and nothing else. */
    public static RouterSettings of(List<InstanceSettings> instances) {
        return new RouterSettings(
                instances,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Duration.ZERO,
                false,
                false);
    }

    /** How long an interface must be down, or up, before it counts. */
    public record InterfaceDelay(String interfaceName, Duration down, Duration up) {}
}
