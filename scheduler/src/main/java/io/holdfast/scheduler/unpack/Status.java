package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Ticket;
import io.holdfast.scheduler.model.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the status section: tickets, which nodes are up, and then what each of them ran. */
final class Status {
    private Status() {}

    static void unpack(Cluster cluster, Element status) {
        for (Element state : status.children()) {
            switch (state.name()) {
                case "tickets" -> state.children("ticket_state").forEach(t -> ticket(cluster, t));
                case "node_state" -> nodeState(cluster, state);
                default -> {}
            }
        }
        List<Element> states = status.children("node_state");
        while (histories(cluster, states, false)) {
            // the history of a remote node can be read once that of its connection's node is
        }
        histories(cluster, states, cluster.fencingEnabled);
        stopContainers(cluster);
        for (Node node : cluster.nodes) {
            if (!node.remoteKind) {
                continue;
            }
            if (node.shutdown && node.remote != null) {
                node.remote.nextRole = Role.STOPPED;
            }
            if (!node.unpacked) {
                OnlineStatus.remote(node);
            }
        }
    }

    /** Containers of failed connections: where they are is known only now. */
    private static void stopContainers(Cluster cluster) {
        for (Resource container : cluster.stopNeeded.reversed()) {
            Node node = container.currentNode();
            if (node != null) {
                Actions.stop(container, node, false);
            }
        }
        cluster.stopNeeded.clear();
    }

    private static void ticket(Cluster cluster, Element state) {
        if (state.id().isEmpty()) {
            return;
        }
        Ticket ticket = cluster.tickets.computeIfAbsent(state.id(), Ticket::new);
        for (Attribute attribute : state.attributes()) {
            if (!attribute.name().equals("id")) {
                ticket.state.put(attribute.name(), attribute.value());
            }
        }
        ticket.granted = Values.isTrue(ticket.state.get("granted"));
        ticket.standby = Values.isTrue(ticket.state.get("standby"));
        ticket.lastGranted = Values.number(ticket.state.get("last-granted"), -1);
    }

    private static void nodeState(Cluster cluster, Element state) {
        String id = state.attribute("id");
        Node node = id == null ? null : cluster.node(id, state.attribute("uname"));
        if (node == null) {
            return;
        }
        cluster.nodeStates.put(node.name, state);
        if (node.remoteKind) {
            // whether it is up is known once the connection's history is read
            node.remoteFenced = Values.integer(state.attribute("node_fenced"), 0) > 0;
            return;
        }
        Configuration.attributes(cluster, state.child("transient_attributes"), node, true);
        if (Values.isTrue(node.attribute("standby"))) {
            node.standby = true;
        }
        if (Values.isTrue(node.attribute("maintenance"))) {
            node.maintenance = true;
        }
        node.unclean = false;
        node.seen = true;
        OnlineStatus.member(cluster, state, node);
        if (!cluster.quorate && node.online && cluster.noQuorum == Cluster.NoQuorum.FENCE) {
            Fencing.fenceNode(cluster, node, "cluster does not have quorum", false);
        }
    }

    /** Reads the histories that can be read now; false when there was none. */
    private static boolean histories(Cluster cluster, List<Element> states, boolean all) {
        boolean any = false;
        for (Element state : states) {
            String name = state.attribute("uname");
            Node node = name == null ? null : cluster.node(state.attribute("id"), name);
            if (node == null || node.unpacked || !(all || isReadable(cluster, node))) {
                continue;
            }
            if (node.remoteKind) {
                OnlineStatus.remote(node);
                remoteAttributes(cluster, state, node);
            }
            node.unpacked = true;
            History.unpack(cluster, node, state);
            any = true;
        }
        return any;
    }

    private static boolean isReadable(Cluster cluster, Node node) {
        Resource connection = node.remote;
        if (node.isGuest()) {
            return connection != null
                    && connection.role == Role.STARTED
                    && node.guestResource().role == Role.STARTED;
        }
        if (node.isRemote()) {
            return connection != null && (cluster.shutdownLock || connection.role == Role.STARTED);
        }
        // nodes that are down come last, so that active instances get the first numbers
        return cluster.fencingEnabled || cluster.shutdownLock || node.online;
    }

    private static void remoteAttributes(Cluster cluster, Element state, Node node) {
        Resource connection = node.remote;
        node.remoteMaintenance = Values.integer(state.attribute("node_in_maintenance"), 0) > 0;
        if (!node.remoteReset) {
            node.unclean = false;
            node.seen = true;
        }
        Configuration.attributes(cluster, state.child("transient_attributes"), node, true);
        if (OnlineStatus.wantsShutdown(node)) {
            node.shutdown = true;
        }
        if (Values.isTrue(node.attribute("standby"))) {
            node.standby = true;
        }
        if (Values.isTrue(node.attribute("maintenance"))
                || (connection != null && !connection.managed)) {
            node.maintenance = true;
        }
        if (!Resources.probesAllowed(node) && !(node.isRemote() && !cluster.fencingEnabled)) {
            node.probesAllowed = false;
        }
    }

    /** Decides which nodes are up. */
    static final class OnlineStatus {
        private OnlineStatus() {}

        static boolean wantsShutdown(Node node) {
            String value = node.attribute("shutdown");
            return value != null && !value.equals("0");
        }

        static void member(Cluster cluster, Element state, Node node) {
            node.shutdown = false;
            if (wantsShutdown(node)) {
                node.shutdown = true;
            } else if ("member".equalsIgnoreCase(state.attribute("expected"))) {
                node.expectedUp = true;
            }
            boolean online =
                    cluster.fencingEnabled
                            ? withFencing(cluster, state, node)
                            : withoutFencing(cluster, state, node);
            if (online) {
                node.online = true;
            } else {
                node.score = -Score.INFINITY;
            }
            if (online && node.shutdown) {
                node.score = -Score.INFINITY;
            }
        }

        /** Since when the node is a member; 0 when it is none, -1 when that is not recorded. */
        private static long memberSince(Cluster cluster, Element state) {
            String value = state.attribute("in_ccm");
            if (value == null) {
                return -1;
            }
            Boolean member = Values.bool(value);
            if (member != null) {
                return member ? cluster.now : 0;
            }
            long since = Values.number(value, -1);
            return since < 0 ? -1 : since;
        }

        /** Since when the node's controller is reached; 0 when it is not. */
        private static long controllerSince(Element state) {
            String value = state.attribute("crmd");
            if (value == null || value.equalsIgnoreCase("offline")) {
                return 0;
            }
            return value.equalsIgnoreCase("online") ? 1 : Math.max(0, Values.number(value, 0));
        }

        private static boolean withoutFencing(Cluster cluster, Element state, Node node) {
            if (memberSince(cluster, state) <= 0) {
                return false;
            }
            if (controllerSince(state) > 0) {
                return "member".equalsIgnoreCase(state.attribute("join"));
            }
            if (node.expectedUp) {
                Fencing.fenceNode(cluster, node, "peer is unexpectedly down", false);
            }
            return false;
        }

        private static boolean withFencing(Cluster cluster, Element state, Node node) {
            boolean terminate = wantsTermination(node);
            String join = state.attribute("join");
            String expected = state.attribute("expected");
            long member = memberSince(cluster, state);
            long controller = controllerSince(state);
            if (node.shutdown) {
                return controller > 0; // a dead peer cannot be shut down
            }
            if (member < 0) {
                fence(cluster, node, "peer has not been seen by the cluster", false);
                return false;
            }
            if ("banned".equals(join)) {
                fence(cluster, node, "peer failed Pacemaker membership criteria", false);
            } else if (terminate) {
                if (member == 0 && controller == 0 && "down".equals(join)) {
                    return false;
                }
                fence(cluster, node, "fencing was requested", false);
            } else if (expected == null || expected.equals("down")) {
                if (isPendingTooLong(cluster, member, controller)) {
                    fence(
                            cluster,
                            node,
                            "peer pending timed out on joining the process group",
                            false);
                } else if (member > 0 || controller > 0) {
                    node.standby = true;
                    node.pending = true;
                }
            } else if (member <= 0) {
                fence(cluster, node, "peer is no longer part of the cluster", true);
            } else if (controller <= 0) {
                fence(cluster, node, "peer process is no longer available", false);
            } else if ("pending".equals(join) || "down".equals(join)) {
                node.standby = true;
                node.pending = true;
            } else if (!"member".equals(join)) {
                fence(cluster, node, "peer was in an unknown state", false);
            }
            return member > 0;
        }

        private static void fence(Cluster cluster, Node node, String reason, boolean delay) {
            Fencing.fenceNode(cluster, node, reason, delay);
        }

        private static boolean wantsTermination(Node node) {
            String value = node.attribute("terminate");
            Boolean wanted = Values.bool(value);
            return wanted != null ? wanted : Values.number(value, 0) > 0;
        }

        private static boolean isPendingTooLong(Cluster cluster, long member, long controller) {
            if (cluster.nodePendingMillis == 0 || member <= 0 || controller > 0) {
                return false;
            }
            long until = member + (cluster.nodePendingMillis + 999) / 1000;
            if (cluster.now >= until) {
                return true;
            }
            cluster.recheckAt(until);
            return false;
        }

        /** A remote node is up when its connection is, and (for a guest) what it runs in. */
        static void remote(Node node) {
            Resource connection = node.remote;
            if (connection == null) {
                node.online = false;
                return;
            }
            Resource guest = connection.launcher;
            Node host =
                    guest != null && connection.active.size() == 1
                            ? connection.active.getFirst()
                            : null;
            if (connection.role == Role.STARTED) {
                node.online = true;
                if (connection.nextRole == Role.STOPPED) {
                    node.shutdown = true;
                }
            }
            if (guest != null && guest.failed) {
                node.online = false;
                node.remoteReset = true;
            } else if (connection.failed) {
                node.online = false;
            } else if (connection.role == Role.STOPPED
                    || (guest != null && guest.role == Role.STOPPED)) {
                node.online = false;
                node.remoteReset = false;
            } else if (isDown(host)) {
                node.online = false;
                node.remoteReset = true;
            }
        }

        private static boolean isDown(@Nullable Node host) {
            return host != null && !host.online && host.unclean;
        }
    }
}
