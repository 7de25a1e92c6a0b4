package io.holdfast.scheduler.fuzz;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;

/** What the cluster knows of one node: its state, and the history of every resource on it. */
final class RandomStatus {
    /** The digest of an agent without parameters. */
    private static final String NO_PARAMETERS = "f2317cad3d54cec5d7d7aa7d0bf35cf8";

    /** The digest of a recurring operation with the default time-out. */
    private static final String DEFAULT_TIMEOUT = "4811cef7f7f94e3a35a70be7916cb2fd";

    private final Draw draw;
    private final int node;
    private final List<Element> failures = new ArrayList<>();
    private final List<Element> promotionScores = new ArrayList<>();
    private int call;

    RandomStatus(Draw draw, int node) {
        this.draw = draw;
        this.node = node;
    }

    /** What an instance was doing when it was last heard of. */
    enum Was {
        UNKNOWN,
        STOPPED,
        NEVER_HERE,
        RUNNING,
        PROMOTED,
        FAILED_MONITOR,
        FAILED_START
    }

    Element nodeState(boolean online, List<Element> histories) {
        Element state =
                Element.of("node_state", "id", Integer.toString(node), "uname", "n" + node)
                        .withAttribute("in_ccm", Boolean.toString(online))
                        .withAttribute("crmd", online ? "online" : "offline")
                        .withAttribute("join", online ? "member" : "down")
                        .withAttribute("expected", online || draw.percent(20) ? "member" : "down");
        Element resources = Element.of("lrm_resources").withChildren(histories);
        state =
                state.withChild(
                        Element.of("lrm", "id", Integer.toString(node)).withChild(resources));
        List<Element> pairs = new ArrayList<>(failures);
        pairs.addAll(promotionScores);
        if (!pairs.isEmpty()) {
            Element set =
                    Element.of("instance_attributes", "id", "status-" + node).withChildren(pairs);
            state =
                    state.withChild(
                            Element.of("transient_attributes", "id", Integer.toString(node))
                                    .withChild(set));
        }
        return state;
    }

    /** The history of an instance; its name carries the number when the clone is unique. */
    Element history(String name, boolean promotable, Was was) {
        Element history =
                Element.of("lrm_resource", "id", name, "class", "ocf")
                        .withAttribute("provider", "pacemaker")
                        .withAttribute("type", promotable ? "Stateful" : "Dummy");
        int monitor = promotable ? 11_000 : 10_000;
        List<Element> operations = new ArrayList<>();
        switch (was) {
            case UNKNOWN -> {}
            case NEVER_HERE -> operations.add(operation(name, "monitor", 0, 7));
            case STOPPED -> {
                operations.add(operation(name, "stop", 0, 0));
                if (draw.percent(50)) {
                    operations.add(operation(name, "monitor", monitor, 0, call - 1, "last"));
                }
            }
            case RUNNING -> {
                operations.add(operation(name, "start", 0, 0));
                operations.add(operation(name, "monitor", monitor, 0));
            }
            case PROMOTED -> {
                operations.add(operation(name, "promote", 0, 0));
                operations.add(operation(name, "monitor", 10_000, 8));
            }
            case FAILED_MONITOR -> {
                operations.add(operation(name, "start", 0, 0));
                operations.add(operation(name, "monitor", monitor, 0));
                int code = draw.percent(70) ? 1 : 7;
                operations.add(operation(name, "monitor", monitor, code, ++call, "last_failure"));
                fail(name, "monitor_" + monitor, draw.between(1, 3));
            }
            case FAILED_START -> {
                operations.add(operation(name, "start", 0, draw.percent(80) ? 1 : 5));
                operations.add(operations.getFirst().withAttribute("id", name + "_last_failure_0"));
                fail(name, "start_0", draw.percent(80) ? 1_000_000 : 1);
            }
        }
        return history.withChildren(operations);
    }

    void promotionScore(String name, int score) {
        promotionScores.add(pair("master-" + name, Integer.toString(score)));
    }

    private void fail(String name, String operation, int count) {
        String value = count == 1_000_000 ? "INFINITY" : Integer.toString(count);
        failures.add(pair("fail-count-" + name + "#" + operation, value));
        failures.add(
                pair(
                        "last-failure-" + name + "#" + operation,
                        Long.toString(RandomCluster.NOW - 300)));
    }

    private Element pair(String name, String value) {
        return Element.of(
                "nvpair",
                "id",
                "status-" + node + "-" + name.replace('#', '.'),
                "name",
                name,
                "value",
                value);
    }

    private Element operation(String name, String task, int interval, int code) {
        return operation(name, task, interval, code, ++call, "last");
    }

    private Element operation(
            String name, String task, int interval, int code, int callId, String slot) {
        boolean recurring = interval > 0;
        String id =
                slot.equals("last_failure")
                        ? name + "_last_failure_0"
                        : recurring ? name + "_monitor_" + interval : name + "_last_0";
        boolean asExpected = code == 0 || (task.equals("monitor") && (code == 8 || !recurring));
        int expected = asExpected ? code : 0;
        String key = callId + ":1:" + expected + ":11111111-2222-3333-4444-555555555555";
        int status = asExpected ? 0 : 4;
        return Element.of("lrm_rsc_op", "id", id, "operation", task)
                .withAttribute("operation_key", name + "_" + task + "_" + interval)
                .withAttribute("crm-debug-origin", "do_update_resource")
                .withAttribute("crm_feature_set", "3.16.1")
                .withAttribute("transition-key", key)
                .withAttribute("transition-magic", status + ":" + code + ";" + key)
                .withAttribute("call-id", Integer.toString(callId))
                .withAttribute("rc-code", Integer.toString(code))
                .withAttribute("op-status", Integer.toString(status))
                .withAttribute("interval", Integer.toString(interval))
                .withAttribute("last-rc-change", Long.toString(RandomCluster.NOW - 300))
                .withAttribute("exec-time", "10")
                .withAttribute("queue-time", "0")
                .withAttribute("op-digest", recurring ? DEFAULT_TIMEOUT : NO_PARAMETERS);
    }
}
