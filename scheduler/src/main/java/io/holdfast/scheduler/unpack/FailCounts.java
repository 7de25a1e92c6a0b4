package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often a resource failed on a node, by the node's transient attributes. */
public final class FailCounts {
    private static final String COUNT = "fail-count-";
    private static final String LAST = "last-failure-";

    /** A number of failures and when the last was, in seconds since 1970. */
    public record Count(int failures, long last) {}

    private FailCounts() {}

    /** The failures that still count: none when all are older than the failure timeout. */
    public static int effective(Node node, Resource resource) {
        return count(node, resource, true, false, null).failures();
    }

    /**
     * The failures of a resource on a node.
     *
     * @param unexpired whether failures older than the failure timeout are left out
     * @param withLaunched whether what runs inside the resource counts too
     * @param operation the history entry it is about, or null for all operations
     */
    public static Count count(
            Node node,
            Resource resource,
            boolean unexpired,
            boolean withLaunched,
            @Nullable Element operation) {
        int failures = 0;
        long last = 0;
        String name = null;
        for (Map.Entry<String, String> attribute : node.attributes.entrySet()) {
            String key = attribute.getKey();
            boolean count = key.startsWith(COUNT);
            if (!count && !key.startsWith(LAST)) {
                continue;
            }
            if (name == null) {
                String known = resource.historyId == null ? resource.id : resource.historyId;
                name = resource.unique ? known : Keys.withoutInstance(known);
            }
            if (!isAbout(resource, name, key.substring(count ? COUNT.length() : LAST.length()))) {
                continue;
            }
            if (count) {
                failures = Score.add(failures, Score.parse(attribute.getValue()));
            } else {
                last = Math.max(last, Values.number(attribute.getValue(), 0));
            }
        }
        if (failures > 0
                && resource.failureTimeoutMillis > 0
                && isBlocking(node, resource, operation)) {
            resource.failureTimeoutMillis = 0; // a block is not to end by itself
        }
        if (unexpired && failures > 0 && last > 0 && resource.failureTimeoutMillis > 0) {
            long timeout = timeoutSeconds(resource);
            if (resource.cluster.now >= last + timeout) {
                failures = 0;
            }
        }
        if (withLaunched && !resource.isBundled()) {
            for (Resource launched : resource.launched) {
                Count more = count(node, launched, unexpired, true, operation);
                failures = Score.add(failures, more.failures());
                last = Math.max(last, more.last());
            }
        }
        return new Count(failures, last);
    }

    static long timeoutSeconds(Resource resource) {
        return (resource.failureTimeoutMillis + 999) / 1000;
    }

    private static boolean isAbout(Resource resource, String name, String rest) {
        if (!rest.startsWith(name)) {
            return false;
        }
        int at = name.length();
        if (!resource.unique && at < rest.length() && rest.charAt(at) == ':') {
            at++;
            while (at < rest.length() && Character.isDigit(rest.charAt(at))) {
                at++;
            }
        }
        return at < rest.length() - 3
                && rest.charAt(at) == '#'
                && rest.lastIndexOf('_') > at
                && Character.isDigit(rest.charAt(rest.length() - 1));
    }

    private static boolean isBlocking(Node node, Resource resource, @Nullable Element operation) {
        Element operations = resource.operations;
        if (operations == null) {
            return false;
        }
        for (Element configured : operations.children("op")) {
            if (!"block".equals(configured.attribute("on-fail"))) {
                continue;
            }
            for (Element entry : operation == null ? history(node, resource) : List.of(operation)) {
                if (isFailureOf(resource, configured, entry)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Element> history(Node node, Resource resource) {
        List<Element> found = new ArrayList<>();
        Element state = resource.cluster.nodeStates.get(node.name);
        if (state != null) {
            for (Element known :
                    state.childOrEmpty("lrm")
                            .childOrEmpty("lrm_resources")
                            .children("lrm_resource")) {
                if (known.id().equals(Keys.withoutInstance(resource.id))) {
                    found.addAll(known.children("lrm_rsc_op"));
                }
            }
        }
        return found;
    }

    private static boolean isFailureOf(Resource resource, Element configured, Element entry) {
        long interval = Values.interval(configured.attribute("interval"));
        String name = configured.attribute("name", "");
        if (interval != Values.number(entry.attribute("interval"), 0)
                || !name.equalsIgnoreCase(entry.attribute("operation"))) {
            return false;
        }
        String id = Keys.withoutInstance(resource.id);
        if (entry.id().equalsIgnoreCase(id + "_last_failure_0")) {
            return true;
        }
        return entry.id().equalsIgnoreCase(Keys.operation(id, name, interval))
                && Values.integer(entry.attribute("rc-code"), 0)
                        != HistoryEntry.expectedExit(entry);
    }
}
