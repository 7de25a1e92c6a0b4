package io.holdfast.replication.codec;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.codec.DrbdSettings.Setting;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.VolumeEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes volumes of resources: inherits, checks that all is there, and that nothing is shared. */
final class DrbdAssembly {
    /** The activity log is one page on disk. */
    static final int MOST_EXTENTS = 1000;

    private static final String DISK_DANGER = "two volumes would overwrite each other there";

    private final DrbdFindings findings;
    private final DrbdSettings common;
    private final DrbdClaims claims;
    private final DrbdDangers dangers;
    private final List<VolumeConfig> volumes = new ArrayList<>();
    private final Map<String, DrbdPlace> resourceNames = new HashMap<>();
    private final Map<String, DrbdPlace> volumeNames = new HashMap<>();

    DrbdAssembly(DrbdFindings findings, DrbdSettings common) {
        this.findings = findings;
        this.common = common;
        this.claims = new DrbdClaims(findings);
        this.dangers = new DrbdDangers(findings);
    }

    List<VolumeConfig> volumes() {
        return volumes;
    }

    void add(DrbdResource resource) {
        if (!isNew(resource) || isLeftOut(resource) || !hasHosts(resource)) {
            return;
        }
        Map<DrbdHost, NodeId> nodes = nodes(resource);
        DrbdNetwork network = new DrbdNetwork(findings, resource);
        network.check();
        Map<DrbdHost, List<Endpoint>> endpoints = endpoints(resource, network);
        DrbdSettings general = common.under(resource.settings);
        network.ofConnections(general).forEach(dangers::tell);

        Set<Integer> numbers = new TreeSet<>(resource.volumes.byNumber.keySet());
        resource.hosts.forEach(h -> numbers.addAll(h.volumes.byNumber.keySet()));
        if (numbers.isEmpty()) {
            findings.mistake(
                    resource.place,
                    "resource " + resource.name + " has no volume",
                    "neither it nor its \"on\" sections have \"device\" and \"disk\"",
                    "add them, for example: device /dev/drbd0; disk /dev/sdb1;");
        }
        for (int number : numbers) {
            Volume volume = new Volume(resource, number, nodes, endpoints);
            volume.finish(network, general);
        }
    }

    private boolean isNew(DrbdResource resource) {
        DrbdPlace before = resourceNames.putIfAbsent(resource.name, resource.place);
        if (before != null) {
            findings.mistake(
                    resource.place,
                    "there are two resources " + resource.name,
                    "the other is at " + before,
                    "rename one, or remove it");
        }
        if (resource.name.equals("all")) {
            findings.mistake(
                    resource.place,
                    "a resource cannot be called all",
                    "\"drbdadm up all\" means every resource",
                    "rename it");
        }
        return before == null;
    }

    private boolean isLeftOut(DrbdResource resource) {
        if (resource.leftOut == null) {
            return false;
        }
        findings.warning(
                resource.leftOut.place(),
                "resource " + resource.name + " is left out",
                resource.leftOut.value() + ", which is not supported; none of its volumes is there",
                "give each node an \"on\" section with its own address and disk");
        return true;
    }

    private boolean hasHosts(DrbdResource resource) {
        if (resource.hosts.isEmpty()) {
            findings.mistake(
                    resource.place,
                    "resource " + resource.name + " has no \"on\" section",
                    "so it is on no node",
                    "add one for each node: on server1 { … }");
        } else if (resource.hosts.size() == 1) {
            findings.warning(
                    resource.place,
                    "resource " + resource.name + " is on one node only",
                    "its data is replicated nowhere, and lost with that node's disk",
                    "add an \"on\" section for a second node");
        }
        return !resource.hosts.isEmpty();
    }

    private Map<DrbdHost, NodeId> nodes(DrbdResource resource) {
        Map<DrbdHost, NodeId> nodes = new HashMap<>();
        for (DrbdHost host : resource.hosts) {
            NodeId node = accepted(host.place, () -> new NodeId(host.name));
            if (node != null) {
                nodes.put(host, node);
            }
        }
        return nodes;
    }

    private Map<DrbdHost, List<Endpoint>> endpoints(DrbdResource resource, DrbdNetwork network) {
        Map<DrbdHost, List<Endpoint>> all = new HashMap<>();
        Map<String, DrbdHost> users = new TreeMap<>();
        for (DrbdHost host : resource.hosts) {
            List<Endpoint> endpoints = network.endpoints(host);
            all.put(host, endpoints);
            if (endpoints.isEmpty() && resource.hosts.size() > 1 && !host.addressRefused) {
                findings.mistake(
                        host.place,
                        "node " + host.name + " of resource " + resource.name + " has no address",
                        "its peers would not know where to connect",
                        "add for example: address 10.1.0.100:7788;");
            }
            for (Endpoint endpoint : endpoints) {
                String canonical = DrbdAddress.canonical(endpoint);
                DrbdHost user = users.putIfAbsent(canonical, host);
                if (user != null) {
                    findings.mistake(
                            host.place,
                            "nodes " + user.name + " and " + host.name + " have one address",
                            "both listen at " + endpoint + " (see " + user.place + ")",
                            "give each node its own");
                }
                claims.claim(
                        host.name,
                        "address " + canonical,
                        "resource " + resource.name,
                        host.address == null ? host.place : host.address.place(),
                        "only one of them can listen there");
            }
        }
        return all;
    }

    /** A value whose own checks may refuse it. */
    private <T> @Nullable T accepted(DrbdPlace place, Supplier<T> made) {
        try {
            return made.get();
        } catch (ProblemException e) {
            Problem problem = e.problem();
            findings.mistake(place, problem.what(), problem.why(), problem.remedy());
            return null;
        }
    }

    /** One volume on its way from sections to a record. */
    private final class Volume {
        private final DrbdResource resource;
        private final int number;
        private final String name;
        private final DrbdPlace place;
        private final List<ReplicaConfig> replicas = new ArrayList<>();
        private final List<DrbdSettings> diskSettings = new ArrayList<>();
        private @Nullable DrbdSaid<String> device;
        private boolean toldDevices;

        Volume(
                DrbdResource resource,
                int number,
                Map<DrbdHost, NodeId> nodes,
                Map<DrbdHost, List<Endpoint>> endpoints) {
            this.resource = resource;
            this.number = number;
            this.name = number == 0 ? resource.name : resource.name + "." + number;
            DrbdVolume said = resource.volumes.byNumber.get(number);
            this.place = said == null ? resource.place : said.place;
            for (DrbdHost host : resource.hosts) {
                NodeId node = nodes.get(host);
                replica(host, merged(host), node, endpoints.getOrDefault(host, List.of()));
            }
        }

        private DrbdVolume merged(DrbdHost host) {
            DrbdVolume general = resource.volumes.byNumber.get(number);
            DrbdVolume own = host.volumes.byNumber.get(number);
            DrbdVolume base = general == null ? new DrbdVolume(number, host.place) : general;
            DrbdVolume special = own == null ? new DrbdVolume(number, host.place) : own;
            diskSettings.add(base.settings.under(special.settings));
            return base.under(special);
        }

        private void replica(
                DrbdHost host, DrbdVolume volume, @Nullable NodeId node, List<Endpoint> endpoints) {
            boolean hasDevice = has(volume.device, "device", "device /dev/drbd0;", volume, host);
            boolean hasDisk = has(volume.disk, "disk", "disk /dev/sdb1;", volume, host);
            if (hasDevice && volume.device != null) {
                claimDevice(host, volume.device, volume.minor);
            }
            if (!hasDisk || volume.disk == null) {
                return;
            }
            if (volume.disk.value().equals(DrbdVolume.NO_DISK)) {
                findings.warning(
                        volume.disk.place(),
                        "node " + host.name + " has no replica of " + name,
                        "nodes without a disk are not supported, and cannot use the volume",
                        "give it a disk, or remove its \"on\" section");
                return;
            }
            // Internal when nothing is said, as in DRBD 9.
            MetaDisk metaDisk =
                    volume.metaDisk == null ? new MetaDisk.Internal() : volume.metaDisk.value();
            claimDisks(host, volume.disk, volume.metaDisk);
            if (node != null) {
                Path disk = Path.of(volume.disk.value());
                replicas.add(new ReplicaConfig(node, disk, metaDisk, endpoints));
            }
        }

        private boolean has(
                @Nullable DrbdSaid<?> said,
                String keyword,
                String example,
                DrbdVolume volume,
                DrbdHost host) {
            if (said == null && !volume.tried.contains(keyword)) {
                findings.mistake(
                        volume.place,
                        "volume " + name + " has no " + keyword + " on node " + host.name,
                        "neither the \"on\" section nor the resource names one",
                        "add for example: " + example);
            }
            return said != null;
        }

        private void claimDevice(
                DrbdHost host, DrbdSaid<String> said, @Nullable DrbdSaid<Integer> minor) {
            if (device == null) {
                device = said;
            } else if (!device.value().equals(said.value()) && !toldDevices) {
                toldDevices = true;
                // Accepting it could give a user of /dev/drbd1 the data of another volume.
                findings.mistake(
                        said.place(),
                        "volume " + name + " has different devices on different nodes",
                        "it is "
                                + device.value()
                                + " at "
                                + device.place()
                                + " and "
                                + said.value()
                                + " here, and a volume has one name in the cluster",
                        "use the same device on every node");
            }
            String owner = "volume " + name;
            String danger = "its users would reach the wrong data";
            claims.claim(host.name, "device " + said.value(), owner, said.place(), danger);
            if (minor != null) {
                claims.claim(host.name, "minor " + minor.value(), owner, minor.place(), danger);
            }
        }

        private void claimDisks(
                DrbdHost host, DrbdSaid<String> disk, @Nullable DrbdSaid<MetaDisk> metaDisk) {
            String owner = "volume " + name;
            claims.claim(
                    host.name,
                    "disk " + Path.of(disk.value()).normalize(),
                    owner,
                    disk.place(),
                    DISK_DANGER);
            if (metaDisk != null && metaDisk.value() instanceof MetaDisk.External(Path path)) {
                if (path.normalize().equals(Path.of(disk.value()).normalize())) {
                    findings.mistake(
                            metaDisk.place(),
                            "disk and meta-disk of volume " + name + " are the same",
                            "metadata would overwrite data",
                            "write \"meta-disk internal;\", which keeps it at the disk's end");
                    return;
                }
                claims.claim(
                        host.name,
                        "disk " + path.normalize(),
                        owner + "'s metadata",
                        metaDisk.place(),
                        DISK_DANGER);
            }
        }

        void finish(DrbdNetwork network, DrbdSettings general) {
            if (device == null || replicas.isEmpty()) {
                tellIfWithoutReplica();
                return;
            }
            DrbdPlace before = volumeNames.putIfAbsent(name, place);
            if (before != null) {
                findings.mistake(
                        place,
                        "two volumes would be called " + name,
                        "the other is at "
                                + before
                                + ", and volume N of a resource is called resource.N",
                        "rename one of the resources");
                return;
            }
            String deviceName = device.value();
            VolumeConfig volume =
                    accepted(
                            place,
                            () ->
                                    new VolumeConfig(
                                            new VolumeId(name),
                                            deviceName,
                                            replicas,
                                            network.options(general),
                                            diskOptions(network, general),
                                            handlers(general)));
            if (volume != null) {
                volumes.add(volume);
            }
        }

        private static SortedMap<String, String> handlers(DrbdSettings general) {
            SortedMap<String, String> handlers = new TreeMap<>();
            for (VolumeEvent event : VolumeEvent.values()) {
                Setting said = general.get(event.handler());
                if (said != null && !said.value().isBlank()) {
                    handlers.put(event.handler(), said.value());
                }
            }
            return handlers;
        }

        private void tellIfWithoutReplica() {
            if (!findings.hasMistakes()) {
                findings.mistake(
                        place,
                        "volume " + name + " has no replica",
                        "no node has a disk for it",
                        "give at least one node a disk");
            }
        }

        /** One set for the volume; where nodes or connections differ, the largest. */
        private DiskOptions diskOptions(DrbdNetwork network, DrbdSettings general) {
            List<DrbdSettings> all = new ArrayList<>();
            for (DrbdSettings connection : network.ofConnections(general)) {
                for (DrbdSettings own : diskSettings) {
                    all.add(connection.under(own));
                }
            }
            long extents =
                    largest(all, DrbdOptions.AL_EXTENTS, DiskOptions.DEFAULT.activityLogExtents());
            long minRate =
                    largest(
                            all,
                            DrbdOptions.C_MIN_RATE,
                            DiskOptions.DEFAULT.resyncMinBytesPerSecond());
            if (extents > MOST_EXTENTS) {
                tellTooManyExtents(all);
                extents = MOST_EXTENTS;
            }
            return new DiskOptions((int) extents, minRate);
        }

        private long largest(List<DrbdSettings> all, String option, long otherwise) {
            Setting best = null;
            boolean differ = false;
            for (DrbdSettings settings : all) {
                Setting said = settings.get(option);
                differ |= said != null && best != null && said.number() != best.number();
                differ |= (said == null) != (all.getFirst().get(option) == null);
                best =
                        said != null && (best == null || said.number() > best.number())
                                ? said
                                : best;
            }
            if (differ && best != null) {
                findings.warning(
                        best.place(),
                        "\"" + option + "\" of volume " + name + " differs between nodes or peers",
                        "a volume has one value: the largest, " + best.value(),
                        "set it once, in the disk section of the resource");
            }
            return best == null ? otherwise : best.number();
        }

        private void tellTooManyExtents(List<DrbdSettings> all) {
            for (DrbdSettings settings : all) {
                Setting said = settings.get(DrbdOptions.AL_EXTENTS);
                if (said != null && said.number() > MOST_EXTENTS) {
                    findings.warning(
                            said.place(),
                            "al-extents is taken as " + MOST_EXTENTS,
                            "that is what the activity log holds",
                            "write \"al-extents " + MOST_EXTENTS + ";\" or less");
                    return;
                }
            }
        }
    }
}
