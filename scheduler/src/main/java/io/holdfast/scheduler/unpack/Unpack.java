package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Values;

/** Reads a CIB into a {@link Cluster}: configuration first, then status. */
public final class Unpack {
    private Unpack() {}

    public static void clusterStatus(Cluster cluster) {
        Element configuration = cluster.cib.childOrEmpty("configuration");
        cluster.quorate = Values.isTrue(cluster.cib.attribute("have-quorum"));
        cluster.dcId = cluster.cib.attribute("dc-uuid", "");
        cluster.operationDefaults = configuration.child("op_defaults");
        cluster.resourceDefaults = configuration.child("rsc_defaults");
        Configuration.options(cluster, configuration.childOrEmpty("crm_config"));
        Configuration.nodes(cluster, configuration.childOrEmpty("nodes"));
        Resources.all(cluster, configuration.childOrEmpty("resources"));
        Configuration.tags(cluster, configuration.childOrEmpty("tags"));
        Status.unpack(cluster, cluster.cib.childOrEmpty("status"));
    }
}
