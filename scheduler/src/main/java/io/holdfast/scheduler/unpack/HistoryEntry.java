package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One recorded operation of a resource on a node, with its result. */
public final class HistoryEntry {
    // how the execution went
    static final int PENDING = -1;
    static final int DONE = 0;
    static final int CANCELLED = 1;
    static final int NOT_SUPPORTED = 3;
    static final int ERROR = 4;
    static final int ERROR_HARD = 5;
    static final int ERROR_FATAL = 6;
    static final int EXEC_NOT_INSTALLED = 7;
    static final int NOT_CONNECTED = 8;
    static final int NO_FENCE_DEVICE = 10;
    static final int NO_SECRETS = 11;

    // what the agent answered (OCF)
    static final int OK = 0;
    static final int INVALID_PARAM = 2;
    static final int UNIMPLEMENTED = 3;
    static final int INSUFFICIENT_PRIVILEGES = 4;
    static final int NOT_INSTALLED = 5;
    static final int NOT_CONFIGURED = 6;
    static final int NOT_RUNNING = 7;
    static final int RUNNING_PROMOTED = 8;
    static final int FAILED_PROMOTED = 9;
    static final int DEGRADED = 190;
    static final int DEGRADED_PROMOTED = 191;
    static final int UNKNOWN = 193;

    final Resource resource;
    final Node node;
    final Element xml;
    final String task;
    final long interval;
    final String key;
    final int expected;
    int status;
    int exit;

    private HistoryEntry(
            Resource resource, Node node, Element xml, String task, int status, int exit) {
        this.resource = resource;
        this.node = node;
        this.xml = xml;
        this.task = task;
        this.interval = Values.number(xml.attribute("interval"), 0);
        this.key = key(xml);
        this.expected = expectedExit(xml);
        this.status = status;
        this.exit = exit;
    }

    /** Reads an entry; null when it says nothing about the resource's state, or is not valid. */
    static @Nullable HistoryEntry of(Resource resource, Node node, Element xml) {
        String task = xml.attribute("operation");
        if (task == null || xml.id().isEmpty()) {
            return null;
        }
        boolean matters =
                switch (task) {
                    case Tasks.MONITOR,
                            Tasks.START,
                            Tasks.STOP,
                            Tasks.PROMOTE,
                            Tasks.DEMOTE,
                            Tasks.MIGRATE_TO,
                            Tasks.MIGRATE_FROM,
                            "asyncmon" ->
                            true;
                    default -> false;
                };
        Long status = Values.leadingLong(xml.attribute("op-status"));
        Long exit = Values.leadingLong(xml.attribute("rc-code"));
        if (!matters
                || status == null
                || status < PENDING
                || status > NO_SECRETS
                || status == CANCELLED
                || exit == null
                || exit < 0
                || exit > 255) {
            return null;
        }
        return new HistoryEntry(resource, node, xml, task, status.intValue(), exit.intValue());
    }

    boolean isProbe() {
        return isProbe(xml);
    }

    boolean isLastFailure() {
        return xml.id().endsWith("_last_failure_0");
    }

    static boolean isProbe(Element xml) {
        return Tasks.MONITOR.equals(xml.attribute("operation"))
                && Values.number(xml.attribute("interval"), 0) == 0;
    }

    /** Whether a probe failed in a way that only says that the resource cannot run there. */
    static boolean isMaskedProbe(Element xml) {
        if (!isProbe(xml)) {
            return false;
        }
        int status = Values.integer(xml.attribute("op-status"), 0);
        int exit = Values.integer(xml.attribute("rc-code"), 0);
        return status == EXEC_NOT_INSTALLED || exit == NOT_INSTALLED || exit == INVALID_PARAM;
    }

    static String key(Element xml) {
        String key = xml.attribute("operation_key");
        return key == null ? xml.id() : key;
    }

    /** The exit status the operation was expected to give; -1 when that is not recorded. */
    static int expectedExit(Element xml) {
        String key = xml.attribute("transition-key");
        if (key == null) {
            return -1;
        }
        String[] parts = key.split(":", 4);
        return parts.length < 4 ? -1 : Values.integer(parts[2], -1);
    }

    /** The entries of a resource from the oldest to the newest. */
    public static List<Element> sorted(Element lrmResource) {
        List<Element> entries = new ArrayList<>(lrmResource.children("lrm_rsc_op").reversed());
        // not a library sort: ages of pending operations are not a total order
        for (int i = 1; i < entries.size(); i++) {
            Element entry = entries.get(i);
            int at = i;
            while (at > 0 && compareAge(entries.get(at - 1), entry) > 0) {
                entries.set(at, entries.get(at - 1));
                at--;
            }
            entries.set(at, entry);
        }
        return entries;
    }

    /** Negative when {@code a} is older than {@code b}; 0 when that cannot be told. */
    static int compareAge(Element a, Element b) {
        String aNode = a.attribute("on_node");
        String bNode = b.attribute("on_node");
        // older versions do not record it
        boolean sameNode = aNode == null || bNode == null || aNode.equalsIgnoreCase(bNode);
        if (sameNode && a.id().equals(b.id())) {
            return 0;
        }
        int aCall = Values.integer(a.attribute("call-id"), -1);
        int bCall = Values.integer(b.attribute("call-id"), -1);
        if (aCall == -1 && bCall == -1) {
            return 0;
        }
        if (sameNode && aCall >= 0 && aCall < bCall) {
            return -1;
        }
        if (sameNode && bCall >= 0 && aCall > bCall) {
            return 1;
        }
        if (aCall >= 0 && bCall >= 0 && (!sameNode || aCall == bCall)) {
            long aChange = Values.number(a.attribute("last-rc-change"), -1);
            long bChange = Values.number(b.attribute("last-rc-change"), -1);
            if (aChange >= 0 && aChange < bChange) {
                return -1;
            }
            return bChange >= 0 && aChange > bChange ? 1 : 0;
        }
        return compareTransitions(a, b, aCall, bCall);
    }

    /** One of the two is pending: the transition it belongs to tells its age. */
    private static int compareTransitions(Element a, Element b, int aCall, int bCall) {
        String[] x = transition(a);
        String[] y = transition(b);
        if (x == null || y == null) {
            return 0;
        }
        int aId = Values.integer(x[1], -1);
        int bId = Values.integer(y[1], -1);
        if (!x[3].equalsIgnoreCase(y[3]) || aId == bId) {
            if (bCall == -1) {
                return -1;
            }
            return aCall == -1 ? 1 : 0;
        }
        if ((aId >= 0 && aId < bId) || bId == -1) {
            return -1;
        }
        return (bId >= 0 && aId > bId) || aId == -1 ? 1 : 0;
    }

    private static String @Nullable [] transition(Element entry) {
        String magic = entry.attribute("transition-magic");
        int separator = magic == null ? -1 : magic.indexOf(';');
        if (magic == null || separator < 0) {
            return null;
        }
        String[] parts = magic.substring(separator + 1).split(":", 4);
        return parts.length == 4 ? parts : null;
    }

    /** Where in a sorted history the resource was last started and stopped; -1 for never. */
    public record ActiveSince(int start, int stop) {
        public static ActiveSince of(List<Element> sorted) {
            int stop = -1;
            int start = -1;
            int monitored = -1;
            int promoted = -1;
            for (int i = 0; i < sorted.size(); i++) {
                Element entry = sorted.get(i);
                String task = entry.attribute("operation", "");
                switch (task) {
                    case Tasks.START, Tasks.MIGRATE_FROM -> start = i;
                    case Tasks.STOP -> {
                        if ("0".equals(entry.attribute("op-status"))) {
                            stop = i;
                        }
                    }
                    case Tasks.MONITOR -> {
                        String exit = entry.attribute("rc-code", "");
                        if (monitored <= stop && (exit.equals("0") || exit.equals("8"))) {
                            monitored = i;
                        }
                    }
                    case Tasks.PROMOTE, Tasks.DEMOTE -> promoted = i;
                    default -> {}
                }
            }
            if (start == -1) {
                start = promoted != -1 ? promoted : monitored;
            }
            return new ActiveSince(start, stop);
        }
    }
}
