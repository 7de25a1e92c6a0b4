package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import org.jspecify.annotations.Nullable;

/** Primitives that stay together and start in the order in which they are written. */
public final class Group extends Resource {
    public boolean ordered = true;
    public boolean colocated = true;

    public Group(Cluster cluster, String id, Element xml, @Nullable Resource parent) {
        super(cluster, id, xml, parent);
    }

    @Override
    public int rank() {
        return 1;
    }

    public @Nullable Resource lastMember() {
        return children.isEmpty() ? null : children.getLast();
    }

    @Override
    public boolean isActive(boolean all) {
        boolean any = false;
        boolean every = true;
        for (Resource member : children) {
            if (member.isActive(all)) {
                any = true;
            } else {
                every = false;
            }
        }
        return any && (!all || every);
    }
}
