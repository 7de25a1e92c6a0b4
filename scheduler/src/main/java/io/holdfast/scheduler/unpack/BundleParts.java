package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the resources a bundle stands for: containers, addresses, connections, services. */
final class BundleParts {
    private static final String DEFAULT_PORT = "3121";
    private static final String KEY_FILE = "/etc/pacemaker/authkey";
    private static final String LOG_FOLDER = "/var/log/pacemaker/bundles";
    private static final String REMOTE_SERVER = "/usr/sbin/pacemaker-remoted";

    /** A folder of the host that containers see. */
    private record Mount(String source, String target, @Nullable String options, boolean own) {}

    private record Port(String source, String target) {}

    private final Bundle bundle;
    private final Cluster cluster;
    private final List<Mount> mounts = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final StringBuilder hostOptions = new StringBuilder();
    private @Nullable String lastAddress;

    private BundleParts(Bundle bundle) {
        this.bundle = bundle;
        this.cluster = bundle.cluster;
    }

    static boolean unpack(Bundle bundle) {
        return new BundleParts(bundle).unpack();
    }

    private boolean unpack() {
        Element engine = engine();
        if (engine == null) {
            return false;
        }
        bundle.agent = engine.name();
        String promotedMax = engine.attribute("promoted-max");
        bundle.promotedMax =
                Math.max(
                        0,
                        Values.integer(
                                promotedMax == null ? engine.attribute("masters") : promotedMax,
                                0));
        String replicas = engine.attribute("replicas");
        bundle.replicaCount =
                replicas == null && bundle.promotedMax > 0
                        ? bundle.promotedMax
                        : Math.max(1, Values.integer(replicas, 1));
        bundle.replicasPerHost =
                Math.max(1, Values.integer(engine.attribute("replicas-per-host"), 1));
        if (bundle.replicasPerHost == 1) {
            bundle.unique = false;
        }
        bundle.runCommand = engine.attribute("run-command");
        bundle.options = engine.attribute("options");
        bundle.image = engine.attribute("image", "");
        bundle.network = engine.attribute("network");
        network(bundle.xml.child("network"));
        boolean logMount = storage(bundle.xml.childOrEmpty("storage"));
        Element service = bundle.xml.child("primitive");
        if (service != null && !isReachable()) {
            return false;
        }
        if (service != null) {
            if (!service(service, logMount)) {
                return false;
            }
        } else {
            for (int i = 0; i < bundle.replicaCount; i++) {
                Bundle.Replica replica = new Bundle.Replica(i);
                address(replica);
                bundle.replicas.add(replica);
            }
        }
        for (Bundle.Replica replica : bundle.replicas) {
            if (!create(replica)) {
                return false;
            }
        }
        if (bundle.child != null) {
            bundle.children.add(bundle.child);
        }
        return true;
    }

    private @Nullable Element engine() {
        for (String name : new String[] {"docker", "rkt", "podman"}) {
            Element engine = bundle.xml.child(name);
            if (engine != null) {
                return engine;
            }
        }
        return null;
    }

    private void network(@Nullable Element network) {
        if (network == null) {
            return;
        }
        bundle.addressStart = network.attribute("ip-range-start");
        bundle.netmask = network.attribute("host-netmask");
        bundle.nic = network.attribute("host-interface");
        bundle.controlPort = network.attribute("control-port");
        bundle.addHost = !Boolean.FALSE.equals(Values.bool(network.attribute("add-host")));
        for (Element mapping : network.children("port-mapping")) {
            String source = mapping.attribute("port");
            String target = null;
            if (source == null) {
                source = mapping.attribute("range");
            } else {
                target = mapping.attribute("internal-port");
            }
            if (source != null && !source.isEmpty()) {
                ports.add(new Port(source, target == null ? source : target));
            }
        }
    }

    /** True when a place for logs has to be added. */
    private boolean storage(Element storage) {
        boolean logMount = true;
        for (Element mapping : storage.children("storage-mapping")) {
            String source = mapping.attribute("source-dir");
            String target = mapping.attribute("target-dir");
            boolean own = source == null;
            if (own) {
                source = mapping.attribute("source-dir-root");
            }
            if (source != null && target != null) {
                mounts.add(new Mount(source, target, mapping.attribute("options"), own));
                logMount &= !target.equals("/var/log");
            }
        }
        return logMount;
    }

    /** Whether the cluster can talk to what runs inside. */
    private boolean isReachable() {
        if (bundle.addressStart != null) {
            return true;
        }
        if (bundle.controlPort != null) {
            bundle.replicasPerHost = 1;
            return true;
        }
        return false;
    }

    private boolean service(Element service, boolean logMount) {
        String id = bundle.id + (bundle.promotedMax > 0 ? "-master" : "-clone");
        Element.Builder meta =
                Element.builder("meta_attributes").attribute("id", bundle.id + "-clone-meta");
        pair(meta, id, "ordered", "true");
        pair(meta, id, "clone-max", Integer.toString(bundle.replicaCount));
        pair(meta, id, "clone-node-max", Integer.toString(bundle.replicasPerHost));
        pair(meta, id, "globally-unique", Boolean.toString(bundle.replicasPerHost > 1));
        if (bundle.promotedMax > 0) {
            pair(meta, id, "promotable", "true");
            pair(meta, id, "promoted-max", Integer.toString(bundle.promotedMax));
        }
        Element xml =
                Element.builder("clone")
                        .attribute("id", id)
                        .child(meta.build())
                        .child(service)
                        .build();
        if (!(Resources.one(cluster, xml, bundle, null) instanceof Clone clone)) {
            return false;
        }
        bundle.child = clone;
        mounts.add(new Mount(KEY_FILE, KEY_FILE, null, false));
        if (logMount) {
            mounts.add(new Mount(LOG_FOLDER, "/var/log", null, true));
        }
        String port = bundle.controlPort == null ? DEFAULT_PORT : bundle.controlPort;
        ports.add(new Port(port, port));
        String target = null;
        for (Resource instance : clone.children) {
            Bundle.Replica replica = new Bundle.Replica(bundle.replicas.size());
            replica.child = instance;
            instance.exclusiveDiscovery = true;
            clone.notify |= instance.notify;
            address(replica);
            bundle.replicas.add(replica);
            target = instance.meta.get("container-attribute-target");
        }
        if (target != null) {
            bundle.meta.put("container-attribute-target", target);
            clone.meta.put("container-attribute-target", target);
        }
        return true;
    }

    private void address(Bundle.Replica replica) {
        if (bundle.addressStart == null) {
            return;
        }
        replica.address = lastAddress == null ? bundle.addressStart : next(lastAddress);
        lastAddress = replica.address;
        String name = bundle.id + "-" + replica.number;
        if (!bundle.agent.equals("rkt") && bundle.addHost) {
            hostOptions.append(" --add-host=").append(name).append(':').append(replica.address);
        } else {
            hostOptions.append(" --hosts-entry=").append(replica.address).append('=').append(name);
        }
    }

    private static @Nullable String next(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        int third = Values.integer(parts[2], 0);
        int fourth = Values.integer(parts[3], 0);
        if (third > 253) {
            return null;
        }
        if (fourth > 253) {
            third++;
            fourth = 1;
        } else {
            fourth++;
        }
        return parts[0] + "." + parts[1] + "." + third + "." + fourth;
    }

    private boolean create(Bundle.Replica replica) {
        if (!container(replica) || !address(replica, replica.address)) {
            return false;
        }
        Resource child = replica.child;
        if (child != null && !connection(replica, child)) {
            return false;
        }
        if (child != null && replica.address != null) {
            child.meta.put("external-ip", replica.address);
        }
        if (replica.remote != null) {
            replica.remote.remoteNestingAllowed = true;
        }
        if (child != null && replica.container != null) {
            // the capacity that the service takes is taken by its container
            Map<String, String> swapped = new LinkedHashMap<>(child.utilization);
            child.utilization.clear();
            child.utilization.putAll(replica.container.utilization);
            replica.container.utilization.clear();
            replica.container.utilization.putAll(swapped);
        }
        return true;
    }

    private static Element.Builder primitive(String id, String type) {
        return Element.builder("primitive")
                .attribute("id", sanitized(id))
                .attribute("class", "ocf")
                .attribute("provider", "heartbeat")
                .attribute("type", type);
    }

    /** An id that XML allows. */
    private static String sanitized(String id) {
        StringBuilder clean = new StringBuilder();
        for (int at = 0; at < id.length(); at++) {
            char each = id.charAt(at);
            boolean allowed =
                    Character.isLetterOrDigit(each) || each == '-' || each == '_' || each == '.';
            clean.append(allowed ? each : '.');
        }
        return clean.toString();
    }

    private static Element monitor(String id) {
        return Element.builder("operations")
                .child(
                        Element.of(
                                "op",
                                "id",
                                id + "-monitor-60s",
                                "interval",
                                "60s",
                                "name",
                                "monitor"))
                .build();
    }

    private static void pair(Element.Builder set, String id, String name, String value) {
        set.child(Element.of("nvpair", "id", id + "-" + name, "name", name, "value", value));
    }

    private boolean container(Bundle.Replica replica) {
        String id = sanitized(bundle.id + "-" + bundle.agent + "-" + replica.number);
        Element.Builder parameters =
                Element.builder("instance_attributes")
                        .attribute("id", bundle.id + "-attributes-" + replica.number);
        pair(parameters, id, "image", bundle.image);
        pair(parameters, id, "allow_pull", "true");
        pair(parameters, id, "force_kill", "false");
        pair(parameters, id, "reuse", "false");
        StringBuilder mountPoints = new StringBuilder();
        pair(parameters, id, "run_opts", runOptions(replica, mountPoints));
        pair(parameters, id, "mount_points", mountPoints.toString());
        if (bundle.runCommand != null) {
            pair(parameters, id, "run_cmd", bundle.runCommand);
        } else if (replica.child != null) {
            pair(parameters, id, "run_cmd", REMOTE_SERVER);
        }
        pair(parameters, id, "monitor_cmd", "/bin/true");
        Element xml =
                primitive(id, bundle.agent).child(parameters.build()).child(monitor(id)).build();
        if (!(Resources.one(cluster, xml, bundle, null) instanceof Primitive container)) {
            return false;
        }
        container.replicaContainer = true;
        replica.container = container;
        bundle.children.add(container);
        return true;
    }

    private String runOptions(Bundle.Replica replica, StringBuilder mountPoints) {
        boolean rkt = bundle.agent.equals("rkt");
        String name = bundle.id + "-" + replica.number;
        String environment = rkt ? " --environment=" : " -e ";
        StringBuilder text = new StringBuilder();
        if (bundle.agent.equals("docker")) {
            text.append(" --restart=no");
        }
        if (bundle.addressStart != null) {
            text.append(rkt ? " --hostname=" : " -h ").append(name);
        }
        text.append(environment).append("PCMK_stderr=1");
        if (bundle.network != null) {
            text.append(" --net=").append(bundle.network);
        }
        text.append(environment)
                .append("PCMK_remote_port=")
                .append(bundle.controlPort == null ? DEFAULT_PORT : bundle.controlPort);
        int volume = 0;
        for (Mount mount : mounts) {
            String source = mount.own() ? mount.source() + "/" + name : mount.source();
            if (mount.own()) {
                mountPoints.append(mountPoints.isEmpty() ? "" : ",").append(source);
            }
            if (rkt) {
                String volumeName = "vol" + volume++;
                text.append(" --volume ").append(volumeName).append(",kind=host,source=");
                text.append(source);
                text.append(mount.options() == null ? "" : "," + mount.options());
                text.append(" --mount volume=").append(volumeName);
                text.append(",target=").append(mount.target());
            } else {
                text.append(" -v ").append(source).append(':').append(mount.target());
                text.append(mount.options() == null ? "" : ":" + mount.options());
            }
        }
        for (Port port : ports) {
            if (rkt) {
                text.append(" --port=").append(port.target()).append(':');
                text.append(replica.address == null ? "" : replica.address + ":");
                text.append(port.source());
            } else if (replica.address != null) {
                text.append(" -p ").append(replica.address).append(':').append(port.source());
                text.append(':').append(port.target());
            } else if (!"host".equals(bundle.network)) {
                text.append(" -p ").append(port.source()).append(':').append(port.target());
            }
        }
        if (bundle.options != null) {
            text.append(' ').append(bundle.options);
        }
        return text.append(' ').append(hostOptions).toString();
    }

    private boolean address(Bundle.Replica replica, @Nullable String address) {
        if (bundle.addressStart == null || address == null) {
            return true;
        }
        String id = sanitized(bundle.id + "-ip-" + address);
        Element.Builder parameters =
                Element.builder("instance_attributes")
                        .attribute("id", bundle.id + "-attributes-" + replica.number);
        pair(parameters, id, "ip", address);
        if (bundle.nic != null) {
            pair(parameters, id, "nic", bundle.nic);
        }
        pair(parameters, id, "cidr_netmask", bundle.netmask == null ? "32" : bundle.netmask);
        Element xml = primitive(id, "IPaddr2").child(parameters.build()).child(monitor(id)).build();
        if (!(Resources.one(cluster, xml, bundle, null) instanceof Primitive ip)) {
            return false;
        }
        replica.ip = ip;
        bundle.children.add(ip);
        return true;
    }

    /** The connection to a container, and the node that the inside of the container is. */
    private boolean connection(Bundle.Replica replica, Resource child) {
        Primitive container = replica.container;
        if (container == null || !isReachable()) {
            return true;
        }
        String id = bundle.id + "-" + replica.number;
        for (Resource other : cluster.resources) {
            if (other.id.equals(id)) {
                id = "pcmk-internal-" + child.id + "-remote-" + replica.number;
            }
        }
        Element xml =
                RemoteNodes.connection(
                        id,
                        container.id,
                        null,
                        null,
                        null,
                        replica.address == null ? "#uname" : replica.address,
                        bundle.controlPort == null ? DEFAULT_PORT : bundle.controlPort);
        Node known = cluster.node(id);
        Node node = known == null ? cluster.addNode(id, id, true, -Score.INFINITY) : known;
        node.score = -Score.INFINITY;
        node.discovery = NodeScore.Discovery.NEVER;
        for (Resource other : cluster.resources) {
            disallow(other, node);
        }
        NodeScore inside = new NodeScore(node, 500);
        inside.discovery = NodeScore.Discovery.EXCLUSIVE;
        replica.node = node;
        child.allowed = new NodeTable();
        child.allowed.put(inside.copy());
        if (child.parent != null) {
            NodeScore banned = inside.copy();
            banned.score = -Score.INFINITY;
            child.parent.allowed.put(banned);
        }
        if (!(Resources.one(cluster, xml, bundle, null) instanceof Primitive remote)) {
            return false;
        }
        for (NodeScore entry : remote.allowed) {
            if (entry.node.remoteKind) {
                entry.score = -Score.INFINITY;
            }
        }
        replica.remote = remote;
        node.remote = remote;
        remote.launcher = container;
        node.attributes.put("#kind", "container");
        bundle.children.add(remote);
        return true;
    }

    private static void disallow(Resource resource, Node node) {
        NodeScore entry = resource.allowed.get(node);
        if (entry != null) {
            entry.score = -Score.INFINITY;
            entry.discovery = NodeScore.Discovery.NEVER;
        }
        for (Resource child : resource.children) {
            disallow(child, node);
        }
    }
}
