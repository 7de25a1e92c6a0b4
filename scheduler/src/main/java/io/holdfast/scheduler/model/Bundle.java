package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Containers, each with its address, the connection into it and one instance of a service. */
public final class Bundle extends Resource {
    /** One container of the bundle with what belongs to it. */
    public static final class Replica {
        public final int number;
        public @Nullable String address;
        public @Nullable Primitive ip;
        public @Nullable Primitive container;
        public @Nullable Primitive remote;
        public @Nullable Resource child;
        public @Nullable Node node;

        public Replica(int number) {
            this.number = number;
        }
    }

    public final List<Replica> replicas = new ArrayList<>();
    public @Nullable Clone child;
    public int replicasPerHost = 1;
    public int replicaCount;
    public int promotedMax;
    public String prefix;
    public String image = "";
    public String agent = "";
    public @Nullable String addressStart;
    public boolean hasNetwork;
    public boolean addHost = true;
    public @Nullable String controlPort;
    public @Nullable String netmask;
    public @Nullable String nic;
    public @Nullable String network;
    public @Nullable String options;
    public @Nullable String runCommand;

    public Bundle(Cluster cluster, String id, Element xml, @Nullable Resource parent) {
        super(cluster, id, xml, parent);
        this.prefix = id;
    }

    @Override
    public int rank() {
        return 3;
    }

    /** The containers, in the order of their numbers. */
    public List<Resource> containers() {
        List<Resource> all = new ArrayList<>(replicas.size());
        for (Replica replica : replicas) {
            if (replica.container != null) {
                all.add(replica.container);
            }
        }
        return all;
    }

    /** A bundle as a whole has no role. */
    @Override
    public Role state(boolean current) {
        return Role.UNKNOWN;
    }

    /** What a replica consists of: address, service, container, connection. */
    public static List<Resource> parts(Replica replica) {
        List<Resource> all = new ArrayList<>(4);
        if (replica.ip != null) {
            all.add(replica.ip);
        }
        if (replica.child != null) {
            all.add(replica.child);
        }
        if (replica.container != null) {
            all.add(replica.container);
        }
        if (replica.remote != null) {
            all.add(replica.remote);
        }
        return all;
    }

    @Override
    public boolean isActive(boolean all) {
        for (Replica replica : replicas) {
            for (Resource part : parts(replica)) {
                boolean partActive = part.isActive(all);
                if (partActive && !all) {
                    return true;
                } else if (!partActive && all) {
                    return false;
                }
            }
        }
        return all;
    }
}
