package io.holdfast.replication.codec;

import io.holdfast.replication.codec.DrbdConnection.End;
import io.holdfast.replication.codec.DrbdSettings.Setting;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.SplitBrainPolicies;
import io.holdfast.replication.core.SplitBrainPolicies.WithOnePrimary;
import io.holdfast.replication.core.SplitBrainPolicies.WithoutPrimary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints and net options of one resource. drbd.conf has them for each connection; here a replica
 * has one list of endpoints for all its peers, and a volume one set of options, so what differs
 * between connections gets a warning, and the value that is safest.
 */
final class DrbdNetwork {
    private static final int MILLIS_A_SECOND = 1000;
    private static final int MILLIS_A_TENTH = 100;

    private final DrbdFindings findings;
    private final DrbdResource resource;

    DrbdNetwork(DrbdFindings findings, DrbdResource resource) {
        this.findings = findings;
        this.resource = resource;
    }

    /** Mistakes in connections: ends that are no nodes of the resource, nodes not joined. */
    void check() {
        for (DrbdConnection connection : resource.connections) {
            for (End end : connection.paths.stream().flatMap(List::stream).toList()) {
                if (host(end.host()) == null) {
                    noSuchHost(end.host(), end.place());
                }
            }
        }
        for (DrbdSaid<String> name : resource.mesh) {
            if (host(name.value()) == null) {
                noSuchHost(name.value(), name.place());
            }
        }
        if (!resource.connections.isEmpty() || !resource.mesh.isEmpty()) {
            tellWhoIsNotJoined();
        }
    }

    /** Where a node listens, best path first. */
    List<Endpoint> endpoints(DrbdHost host) {
        Set<Endpoint> endpoints = new LinkedHashSet<>();
        boolean differ = false;
        for (DrbdConnection connection : resource.connections) {
            Set<Endpoint> ofConnection = new LinkedHashSet<>();
            for (List<End> path : connection.paths) {
                for (End end : path) {
                    Endpoint endpoint = end.host().equals(host.name) ? endpoint(end, host) : null;
                    if (endpoint != null) {
                        ofConnection.add(endpoint);
                    }
                }
            }
            differ |=
                    !endpoints.isEmpty()
                            && !endpoints.equals(ofConnection)
                            && !ofConnection.isEmpty();
            endpoints.addAll(ofConnection);
        }
        if (differ) {
            findings.warning(
                    host.place,
                    "node " + host.name + " has different endpoints for different peers",
                    "every peer tries all of them, in the order of the file",
                    "nothing, if unreachable ones fail at once; else give the node one address");
        }
        boolean meshed = resource.connections.isEmpty() || resource.meshes(host.name);
        if (host.address != null && (endpoints.isEmpty() || meshed)) {
            endpoints.add(host.address.value());
        }
        return List.copyOf(endpoints);
    }

    private @Nullable Endpoint endpoint(End end, DrbdHost host) {
        if (end.endpoint() != null) {
            return end.endpoint();
        }
        if (host.address == null) {
            return null;
        }
        Endpoint own = host.address.value();
        return end.port() == 0 ? own : new Endpoint(own.address(), end.port());
    }

    /**
     * @param general what common and the resource say
     */
    NetOptions options(DrbdSettings general) {
        List<DrbdSettings> all = ofConnections(general);
        int interval =
                number(all, DrbdOptions.PING_INT) > 0
                        ? (int) number(all, DrbdOptions.PING_INT) * MILLIS_A_SECOND
                        : NetOptions.DEFAULT.pingIntervalMillis();
        // DRBD sends a ping after ping-int of silence and waits ping-timeout for its answer.
        int wait =
                number(all, DrbdOptions.PING_TIMEOUT) > 0
                        ? (int) number(all, DrbdOptions.PING_TIMEOUT) * MILLIS_A_TENTH
                        : NetOptions.DEFAULT.pingTimeoutMillis()
                                - NetOptions.DEFAULT.pingIntervalMillis();
        int connect =
                number(all, DrbdOptions.CONNECT_INT) > 0
                        ? (int) number(all, DrbdOptions.CONNECT_INT) * MILLIS_A_SECOND
                        : NetOptions.DEFAULT.connectIntervalMillis();
        List.of(
                        DrbdOptions.PROTOCOL,
                        DrbdOptions.PING_INT,
                        DrbdOptions.PING_TIMEOUT,
                        DrbdOptions.CONNECT_INT)
                .forEach(name -> tellIfDifferent(all, name));
        // Asking more often than that costs little, and lets a cut path be told from a quiet one.
        int asking = Math.min(interval, NetOptions.DEFAULT.pingIntervalMillis());
        return new NetOptions(
                protocol(all),
                asking,
                interval + wait,
                connect,
                afterSplitBrain(all),
                all.stream().anyMatch(s -> !value(s.get(DrbdOptions.CSUMS_ALG)).isEmpty()));
    }

    /** What applies to each connection. */
    List<DrbdSettings> ofConnections(DrbdSettings general) {
        List<DrbdSettings> all = new ArrayList<>();
        for (DrbdConnection connection : resource.connections) {
            all.add(general.under(connection.settings));
        }
        if (all.isEmpty() || !resource.mesh.isEmpty()) {
            all.add(general.under(resource.meshSettings));
        }
        return all;
    }

    /** Only what all connections say; else nothing is done unasked. */
    private static SplitBrainPolicies afterSplitBrain(List<DrbdSettings> all) {
        WithoutPrimary withoutPrimary = null;
        WithOnePrimary withOnePrimary = null;
        for (DrbdSettings settings : all) {
            WithoutPrimary zero =
                    switch (value(settings.get("after-sb-0pri"))) {
                        case "discard-younger-primary" -> WithoutPrimary.DISCARD_YOUNGER_PRIMARY;
                        case "discard-older-primary" -> WithoutPrimary.DISCARD_OLDER_PRIMARY;
                        case "discard-zero-changes" -> WithoutPrimary.DISCARD_ZERO_CHANGES;
                        case "discard-least-changes" -> WithoutPrimary.DISCARD_LEAST_CHANGES;
                        default -> WithoutPrimary.DISCONNECT;
                    };
            WithOnePrimary one =
                    switch (value(settings.get("after-sb-1pri"))) {
                        case "consensus" -> WithOnePrimary.CONSENSUS;
                        case "discard-secondary" -> WithOnePrimary.DISCARD_SECONDARY;
                        default -> WithOnePrimary.DISCONNECT;
                    };
            withoutPrimary =
                    withoutPrimary == null || withoutPrimary == zero
                            ? zero
                            : WithoutPrimary.DISCONNECT;
            withOnePrimary =
                    withOnePrimary == null || withOnePrimary == one
                            ? one
                            : WithOnePrimary.DISCONNECT;
        }
        return withoutPrimary == null || withOnePrimary == null
                ? SplitBrainPolicies.ASK
                : new SplitBrainPolicies(withoutPrimary, withOnePrimary);
    }

    /** The strictest, so that no peer is promised less than the file says. */
    private static Protocol protocol(List<DrbdSettings> all) {
        Protocol strictest = Protocol.A;
        for (DrbdSettings settings : all) {
            Setting said = settings.get(DrbdOptions.PROTOCOL);
            Protocol protocol =
                    said == null ? NetOptions.DEFAULT.protocol() : Protocol.valueOf(said.value());
            strictest = protocol.compareTo(strictest) > 0 ? protocol : strictest;
        }
        return strictest;
    }

    /** The smallest that is said, or 0. */
    private static long number(List<DrbdSettings> all, String name) {
        long smallest = 0;
        for (DrbdSettings settings : all) {
            Setting said = settings.get(name);
            if (said != null && (smallest == 0 || said.number() < smallest)) {
                smallest = said.number();
            }
        }
        return smallest;
    }

    private void tellIfDifferent(List<DrbdSettings> all, String name) {
        Setting first = all.getFirst().get(name);
        for (DrbdSettings settings : all) {
            Setting other = settings.get(name);
            boolean equal = value(first).equals(value(other));
            if (!equal) {
                DrbdPlace place =
                        other != null
                                ? other.place()
                                : first != null ? first.place() : resource.place;
                findings.warning(
                        place,
                        "\"" + name + "\" differs between the connections of " + resource.name,
                        name.equals(DrbdOptions.PROTOCOL)
                                ? "a volume has one protocol towards all peers: the strictest"
                                : "a volume has one value towards all peers: the smallest",
                        "set it once, in the net section of the resource");
                return;
            }
        }
    }

    private static String value(@Nullable Setting setting) {
        return setting == null ? "" : setting.value();
    }

    private void tellWhoIsNotJoined() {
        for (int i = 0; i < resource.hosts.size(); i++) {
            for (int j = i + 1; j < resource.hosts.size(); j++) {
                String a = resource.hosts.get(i).name;
                String b = resource.hosts.get(j).name;
                boolean joined =
                        (resource.meshes(a) && resource.meshes(b))
                                || resource.connections.stream()
                                        .anyMatch(c -> c.joins(a) && c.joins(b));
                if (!joined) {
                    findings.warning(
                            resource.place,
                            "no connection joins " + a + " and " + b,
                            "all replicas of a volume are connected with each other here, so these"
                                    + " two are too",
                            "add a connection, or remove one of the nodes");
                }
            }
        }
    }

    private @Nullable DrbdHost host(String name) {
        return resource.hosts.stream().filter(h -> h.name.equals(name)).findFirst().orElse(null);
    }

    private void noSuchHost(String name, DrbdPlace place) {
        findings.mistake(
                place,
                "resource " + resource.name + " has no node " + name,
                "it has no \"on " + name + "\" section",
                "add one, or correct the name");
    }
}
