package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A primitive's line in the status. */
final class PrimitiveText {
    private PrimitiveText() {}

    /** The line of a primitive, under a name and (for containers) on a node of its own. */
    static String of(Resource resource, String name, @Nullable Node containerNode) {
        Node node = containerNode == null ? resource.currentNode() : containerNode;
        if (node == null && containerNode == null) {
            node = resource.pendingNode;
        }
        if (node == null) {
            node = resource.lockNode;
        }
        boolean several = resource.active.size() > 1;
        if (several) {
            node = null;
        }
        String agentClass = resource.xml.attribute("class", "unknown");
        StringBuilder line = new StringBuilder(name).append("\t(").append(agentClass);
        if (agentClass.equals("ocf")) {
            line.append(':').append(resource.xml.attribute("provider", ""));
        }
        line.append(':').append(resource.xml.attribute("type", "unknown")).append("):\t");
        Role role = displayedRole(resource);
        if (resource.removed) {
            line.append(" ORPHANED");
        }
        if (resource.failed) {
            line.append(" FAILED");
            if (role.above(Role.UNPROMOTED)) {
                line.append(' ').append(role.text());
            }
        } else {
            String pending = pendingState(resource);
            line.append(' ').append(pending == null ? role.text() : pending);
        }
        if (node != null) {
            line.append(' ').append(node.name);
        }
        if (role == Role.STOPPED) {
            String failure = failedProbe(resource, node == null ? null : node.name);
            if (failure != null) {
                line.append(" (").append(failure).append(") ");
            }
        }
        List<String> flags = flags(resource, node);
        if (!flags.isEmpty()) {
            line.append(" (").append(String.join(", ", flags)).append(')');
        }
        if (several) {
            String description = resource.xml.attribute("description");
            if (description != null) {
                line.append(" (").append(description).append(')');
            }
            line.append(" [");
            resource.active.forEach(each -> line.append(' ').append(each.name));
            line.append(" ]");
        }
        return line.toString();
    }

    private static List<String> flags(Resource resource, @Nullable Node node) {
        List<String> flags = new ArrayList<>();
        if (node != null && !node.online && node.unclean) {
            flags.add("UNCLEAN");
        }
        if (node != null && node == resource.lockNode) {
            flags.add("LOCKED");
        }
        if (Tasks.MONITOR.equals(resource.pendingAction)) {
            flags.add("Monitoring");
        }
        String target = resource.meta.get("target-role");
        if (target != null) {
            Role role = Role.parse(target);
            if (role == Role.STOPPED) {
                flags.add("disabled");
            } else if (role == Role.UNPROMOTED && resource.top().promotable) {
                flags.add("target-role:" + target);
            }
        }
        if (resource.blocked) {
            flags.add("blocked");
        } else if (resource.maintenance) {
            flags.add("maintenance");
        } else if (!resource.managed) {
            flags.add("unmanaged");
        }
        if (resource.failureIgnored) {
            flags.add("failure ignored");
        }
        return flags;
    }

    static Role displayedRole(Resource resource) {
        return resource.role == Role.STARTED && resource.top().promotable
                ? Role.UNPROMOTED
                : resource.role;
    }

    private static @Nullable String pendingState(Resource resource) {
        return switch (resource.pendingAction) {
            case null -> null;
            case Tasks.START -> "Starting";
            case Tasks.STOP -> "Stopping";
            case Tasks.MIGRATE_TO, Tasks.MIGRATE_FROM -> "Migrating";
            case Tasks.PROMOTE -> "Promoting";
            case Tasks.DEMOTE -> "Demoting";
            default -> null;
        };
    }

    /** Why a probe says that a resource cannot run on a node; null when none says so. */
    static @Nullable String failedProbe(Resource resource, @Nullable String node) {
        for (Cluster.FailedOperation failed : resource.cluster.failed) {
            Element entry = failed.operation();
            int code = Values.integer(entry.attribute("rc-code"), 0);
            int status = Values.integer(entry.attribute("op-status"), 0);
            boolean probe =
                    Tasks.MONITOR.equals(entry.attribute("operation"))
                            && Values.number(entry.attribute("interval"), 0) == 0
                            && (status == 7 || code == 5 || code == 2);
            String where = entry.attribute("on_node", failed.node().name);
            if (!probe || (node != null && !node.equalsIgnoreCase(where))) {
                continue;
            }
            String key = entry.attribute("operation_key", entry.id());
            String about =
                    resource instanceof Clone clone && clone.instanceXml != null
                            ? clone.instanceXml.id()
                            : resource.id;
            if (Keys.resource(key).equals(about)) {
                return switch (code) {
                    case 2 -> "Invalid parameter";
                    case 5 -> "Not installed";
                    default -> "unknown";
                };
            }
        }
        return null;
    }
}
