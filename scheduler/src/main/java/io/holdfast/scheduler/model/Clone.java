package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import org.jspecify.annotations.Nullable;

/** Several instances of one primitive or group, of which some may be promoted. */
public final class Clone extends Resource {
    public int cloneMax;
    public int cloneNodeMax;
    public int promotedMax;
    public int promotedNodeMax;
    public boolean ordered;
    public int totalInstances;
    public @Nullable Element instanceXml;
    public boolean promotionScoresAdded;
    public boolean promotionConstrained;

    public @Nullable Notifications startNotifications;
    public @Nullable Notifications stopNotifications;
    public @Nullable Notifications promoteNotifications;
    public @Nullable Notifications demoteNotifications;

    public Clone(Cluster cluster, String id, Element xml, @Nullable Resource parent) {
        super(cluster, id, xml, parent);
    }

    @Override
    public int rank() {
        return 2;
    }

    public boolean interleave() {
        return Values.isTrue(meta.get("interleave"));
    }

    @Override
    public boolean isActive(boolean all) {
        for (Resource instance : children) {
            boolean instanceActive = instance.isActive(all);
            if (!all && instanceActive) {
                return true;
            } else if (all && !instanceActive) {
                return false;
            }
        }
        return all;
    }
}
