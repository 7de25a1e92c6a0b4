package io.holdfast.daemon.keepalived.report;

import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.TrackerData;
import java.util.List;

/** A look at everything at one moment. */
public record Snapshot(
        KeepalivedSettings settings, List<InstanceData> instances, List<TrackerData> trackers) {
    public Snapshot {
        instances = List.copyOf(instances);
        trackers = List.copyOf(trackers);
    }
}
