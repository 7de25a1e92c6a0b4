package io.holdfast.vrrp.core;

import java.util.List;

/** What an instance or a sync group depends on; names are those of {@link RouterSettings}. */
public record Tracking(
        List<Tracked> interfaces,
        List<Tracked> scripts,
        List<Tracked> files,
        List<Tracked> processes) {
    public static final Tracking NOTHING = new Tracking(List.of(), List.of(), List.of(), List.of());

    public Tracking {
        interfaces = List.copyOf(interfaces);
        scripts = List.copyOf(scripts);
        files = List.copyOf(files);
        processes = List.copyOf(processes);
    }
}
