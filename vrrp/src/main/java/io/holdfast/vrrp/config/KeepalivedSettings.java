package io.holdfast.vrrp.config;

import io.holdfast.vrrp.core.RouterSettings;
import java.util.Map;

/**
 * A {@code keepalived.conf}, understood.
 *
 * @param instances whom to tell, by instance
 * @param groups whom to tell, by sync group (also those of one member, which are no groups to the
 *     router)
 */
public record KeepalivedSettings(
        RouterSettings router,
        GlobalSettings global,
        Map<String, NotifySettings> instances,
        Map<String, NotifySettings> groups) {
    public KeepalivedSettings {
        instances = Map.copyOf(instances);
        groups = Map.copyOf(groups);
    }
}
