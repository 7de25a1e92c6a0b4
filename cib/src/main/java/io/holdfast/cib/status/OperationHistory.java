package io.holdfast.cib.status;

import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import java.util.List;

/**
 * Which entry of a resource's history an operation is written to. The scheduler reads the newest
 * call first, so what a new result replaces decides what is still known:
 *
 * <pre>
 * operation                            entry
 * start, stop, promote, demote, probe  RSC_last_0
 * recurring, as expected               RSC_TASK_INTERVAL
 * migrate_to, migrate_from             RSC_TASK_0 (kept apart: tells a partial migration)
 * any of them, failed                  RSC_last_failure_0, and RSC_last_0 too if not recurring
 * notify                               none: notifications must not fail
 * reload-agent                         as start when it went well, as monitor when it failed
 * </pre>
 */
final class OperationHistory {
    private OperationHistory() {}

    static String lastFailureId(String resource) {
        return resource + "_last_failure_0";
    }

    static String lastId(String resource) {
        return resource + "_last_0";
    }

    /** The node's {@code lrm_resources} with this operation in it. */
    static Element with(Element resources, String node, OperationRecord operation) {
        if (operation.task().equals("notify")) {
            return resources;
        }
        Element known = resources.child("lrm_resource", operation.resource());
        Element history = known == null ? newHistory(operation) : known;
        for (String id : entries(operation)) {
            history = history.withChildById(entry(id, node, operation));
        }
        return known == null
                ? resources.withChild(history)
                : resources.withChildReplaced(known, history);
    }

    private static List<String> entries(OperationRecord operation) {
        String resource = operation.resource();
        if (operation.task().startsWith("migrate_")) {
            return List.of(OperationRecord.operationKey(resource, operation.task(), 0));
        }
        boolean recurring = operation.intervalMillis() > 0;
        if (operation.failed()) {
            return recurring
                    ? List.of(lastFailureId(resource))
                    : List.of(lastFailureId(resource), lastId(resource));
        }
        return recurring
                ? List.of(
                        OperationRecord.operationKey(
                                resource, operation.task(), operation.intervalMillis()))
                : List.of(lastId(resource));
    }

    private static Element newHistory(OperationRecord operation) {
        ResourceAgent agent = operation.agent();
        return Element.builder("lrm_resource")
                .attribute("id", operation.resource())
                .attribute("class", agent.standard())
                .optional("provider", agent.provider().isEmpty() ? null : agent.provider())
                .attribute("type", agent.type())
                .build();
    }

    private static Element entry(String id, String node, OperationRecord operation) {
        String task = recordedTask(operation);
        Element.Builder entry =
                Element.builder("lrm_rsc_op")
                        .attribute("id", id)
                        .attribute(
                                "operation_key",
                                OperationRecord.operationKey(
                                        operation.resource(), task, operation.intervalMillis()))
                        .attribute("operation", task)
                        .attribute("crm_feature_set", Cib.CURRENT_FEATURE_SET)
                        .attribute("transition-key", operation.key().toString())
                        .attribute("transition-magic", magic(operation))
                        .attribute("exit-reason", operation.exitReason())
                        .attribute("on_node", node)
                        .attribute("call-id", Integer.toString(operation.callId()))
                        .attribute("rc-code", Integer.toString(operation.rc()))
                        .attribute("op-status", Integer.toString(operation.status().code()))
                        .attribute("interval", Long.toString(operation.intervalMillis()))
                        .attribute("last-rc-change", Long.toString(changed(operation)))
                        .attribute("exec-time", Long.toString(operation.execMillis()))
                        .attribute("queue-time", Long.toString(operation.queueMillis()));
        OperationRecord.Migration migration = operation.migration();
        if (migration != null) {
            entry.attribute("migrate_source", migration.source());
            entry.attribute("migrate_target", migration.target());
        }
        OperationRecord.Digests digests = operation.digests();
        if (digests != null) {
            addDigests(entry, digests);
        }
        return entry.build();
    }

    /** A reload is recorded as what it proves about the resource's state. */
    private static String recordedTask(OperationRecord operation) {
        boolean reload =
                operation.task().equals("reload") || operation.task().equals("reload-agent");
        return reload ? (operation.failed() ? "monitor" : "start") : operation.task();
    }

    private static String magic(OperationRecord operation) {
        return operation.status().code() + ":" + operation.rc() + ";" + operation.key();
    }

    /** Only of recurring operations can the answer have changed after they were first run. */
    private static long changed(OperationRecord operation) {
        return operation.intervalMillis() > 0
                ? operation.lastChangeSeconds()
                : operation.lastRunSeconds();
    }

    private static void addDigests(Element.Builder entry, OperationRecord.Digests digests) {
        entry.attribute("op-digest", digests.all());
        if (digests.restart() != null) {
            entry.attribute("op-force-restart", spaced(digests.restartParameters()));
            entry.attribute("op-restart-digest", digests.restart());
        }
        if (digests.secure() != null) {
            entry.attribute("op-secure-params", spaced(digests.secureParameters()));
            entry.attribute("op-secure-digest", digests.secure());
        }
    }

    /** Names are looked for with a space on each side. */
    private static String spaced(List<String> names) {
        return names.isEmpty() ? "" : " " + String.join("  ", names) + " ";
    }
}
