package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import org.jspecify.annotations.Nullable;

/** One service that an agent starts and stops. */
public final class Primitive extends Resource {
    public Primitive(Cluster cluster, String id, Element xml, @Nullable Resource parent) {
        super(cluster, id, xml, parent);
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Role state(boolean current) {
        return current ? role : nextRole;
    }

    @Override
    public boolean isActive(boolean all) {
        for (Node node : active) {
            if (node.unclean || node.online || !managed) {
                return true;
            }
        }
        return false;
    }
}
