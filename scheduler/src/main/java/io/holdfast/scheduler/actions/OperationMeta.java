package io.holdfast.scheduler.actions;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.OnFail;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.rules.Attributes;
import io.holdfast.scheduler.rules.Dates;
import io.holdfast.scheduler.rules.Rules;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about an operation: its meta-attributes, needs and failure policy.
 */
public final class OperationMeta {
    private static final String DEFAULT_TIMEOUT_MILLIS = "20000";

    private OperationMeta() {}

    /** The {@code op} element for a task and interval, disabled ones included when wanted. */
    public static @Nullable Element configuration(
            Resource resource, String task, long intervalMillis, boolean withDisabled) {
        Element exact = exact(resource, task, intervalMillis, withDisabled);
        if (exact == null && (task.equals(Tasks.MIGRATE_TO) || task.equals(Tasks.MIGRATE_FROM))) {
            return exact(resource, "migrate", 0, withDisabled);
        }
        return exact;
    }

    static @Nullable Element exact(
            Resource resource, String task, long intervalMillis, boolean withDisabled) {
        Element operations = resource.operations;
        if (operations == null) {
            return null;
        }
        for (Element operation : operations.children()) {
            if (operation.is("op")
                    && task.equals(operation.attribute("name"))
                    && (withDisabled
                            || !Boolean.FALSE.equals(Values.bool(operation.attribute("enabled"))))
                    && Values.interval(operation.attribute("interval")) == intervalMillis) {
                return operation;
            }
        }
        return null;
    }

    /** The meta-attributes of an operation, with time-outs and intervals in milliseconds. */
    public static Map<String, String> unpack(
            Resource resource,
            @Nullable Node node,
            String task,
            long intervalMillis,
            @Nullable Element configuration) {
        Map<String, String> meta = new LinkedHashMap<>();
        Rules.Input input =
                new Rules.Input(
                        resource.cluster,
                        null,
                        null,
                        null,
                        resource.xml.attribute("class"),
                        resource.xml.attribute("provider"),
                        resource.xml.attribute("type"),
                        task,
                        intervalMillis,
                        null);
        if (configuration != null) {
            Attributes.unpack(configuration, "meta_attributes", input, meta);
            for (Attribute attribute : configuration.attributes()) {
                meta.put(attribute.name(), attribute.value());
            }
        }
        boolean probe = task.equals(Tasks.MONITOR) && intervalMillis == 0;
        if (probe && !meta.containsKey("timeout")) {
            Element frequent = mostFrequentMonitor(resource);
            String timeout = frequent == null ? null : frequent.attribute("timeout");
            if (timeout != null) {
                meta.put("timeout", timeout);
            }
        }
        Attributes.unpack(resource.cluster.operationDefaults, "meta_attributes", input, meta);
        meta.remove("id");
        if (intervalMillis > 0) {
            meta.put("interval", Long.toString(intervalMillis));
        } else {
            meta.remove("interval");
        }
        if ("stonith".equals(resource.agentClass()) && (task.equals(Tasks.START) || probe)) {
            String timeout = Parameters.of(resource, node).get("pcmk_monitor_timeout");
            if (timeout != null) {
                meta.put("timeout", timeout);
            }
        }
        Long timeout = Values.millis(meta.get("timeout"));
        meta.put(
                "timeout",
                timeout == null || timeout <= 0
                        ? DEFAULT_TIMEOUT_MILLIS
                        : Long.toString(Math.min(timeout, Integer.MAX_VALUE)));
        validateOnFail(resource, task, configuration, meta);
        startDelay(resource, intervalMillis, meta);
        return meta;
    }

    private static void startDelay(
            Resource resource, long intervalMillis, Map<String, String> meta) {
        String delay = meta.get("start-delay");
        if (delay != null) {
            Long millis = Values.millis(delay);
            meta.put("start-delay", Long.toString(millis == null ? 0 : Math.max(0, millis)));
            return;
        }
        OffsetDateTime origin = Dates.parse(meta.get("interval-origin"));
        long seconds = intervalMillis / 1000;
        if (origin == null || seconds == 0) {
            return;
        }
        long since = (resource.cluster.now - origin.toEpochSecond()) % seconds;
        meta.put("start-delay", Long.toString(((since <= 0 ? 0 : seconds) - since) * 1000));
    }

    private static @Nullable Element mostFrequentMonitor(Resource resource) {
        Element operations = resource.operations;
        if (operations == null) {
            return null;
        }
        Element best = null;
        long shortest = Long.MAX_VALUE;
        for (Element operation : operations.children("op")) {
            long interval = Values.interval(operation.attribute("interval"));
            if (Tasks.MONITOR.equals(operation.attribute("name"))
                    && interval > 0
                    && interval < shortest
                    && !Boolean.FALSE.equals(Values.bool(operation.attribute("enabled")))) {
                shortest = interval;
                best = operation;
            }
        }
        return best;
    }

    private static boolean isPromotedMonitor(@Nullable String name, @Nullable String role) {
        return Tasks.MONITOR.equals(name) && Role.parse(role) == Role.PROMOTED;
    }

    /**
     * Removes an on-fail that the task does not allow; gives demote that of the promoted monitor.
     */
    private static void validateOnFail(
            Resource resource,
            String task,
            @Nullable Element configuration,
            Map<String, String> meta) {
        String value = meta.get("on-fail");
        if (task.equals(Tasks.STOP)
                && value != null
                && switch (value.toLowerCase(Locale.ROOT)) {
                    case "standby", "demote", "stop" -> true;
                    default -> false;
                }) {
            meta.remove("on-fail");
            return;
        }
        if (task.equals(Tasks.DEMOTE) && value == null) {
            Element operations = resource.operations;
            for (Element operation :
                    operations == null ? java.util.List.<Element>of() : operations.children("op")) {
                String onFail = operation.attribute("on-fail");
                if (onFail != null
                        && isPromotedMonitor(
                                operation.attribute("name"), operation.attribute("role"))
                        && Values.interval(operation.attribute("interval")) > 0
                        && !Boolean.FALSE.equals(Values.bool(operation.attribute("enabled")))
                        && !onFail.equalsIgnoreCase("demote")) {
                    meta.put("on-fail", onFail);
                }
            }
            return;
        }
        if (task.equals(Tasks.LRM_DELETE) && !"ignore".equalsIgnoreCase(value)) {
            meta.put("on-fail", "ignore");
            return;
        }
        if ("demote".equalsIgnoreCase(value)) {
            String name = configuration == null ? null : configuration.attribute("name");
            String role = configuration == null ? null : configuration.attribute("role");
            long interval =
                    configuration == null
                            ? 0
                            : Values.interval(configuration.attribute("interval"));
            if (!Tasks.PROMOTE.equals(name) && (interval == 0 || !isPromotedMonitor(name, role))) {
                meta.remove("on-fail");
            }
        }
    }

    public static Action.Requires requires(Resource resource, String task) {
        if (!task.equals(Tasks.START) && !task.equals(Tasks.PROMOTE)) {
            return Action.Requires.NOTHING;
        }
        if (resource.needsFencing) {
            return Action.Requires.FENCING;
        }
        return resource.needsQuorum ? Action.Requires.QUORUM : Action.Requires.NOTHING;
    }

    /** What a failure of the operation leads to. */
    public static OnFail onFail(
            Resource resource, String task, long intervalMillis, @Nullable String value) {
        boolean fencing = resource.cluster.fencingEnabled;
        OnFail explicit =
                value == null
                        ? null
                        : switch (value.toLowerCase(Locale.ROOT)) {
                            case "block" -> OnFail.BLOCK;
                            case "fence" -> fencing ? OnFail.FENCE_NODE : OnFail.STOP;
                            case "standby" -> OnFail.STANDBY_NODE;
                            case "ignore", "nothing" -> OnFail.IGNORE;
                            case "migrate" -> OnFail.BAN;
                            case "stop" -> OnFail.STOP;
                            case "restart" -> OnFail.RESTART;
                            case "restart-container" ->
                                    resource.launcher == null ? null : OnFail.RESTART_CONTAINER;
                            case "demote" -> OnFail.DEMOTE;
                            default -> null;
                        };
        boolean resetRemote = false;
        if (resource.remoteConnection) {
            Node node = resource.cluster.node(resource.id);
            boolean probe = task.equals(Tasks.MONITOR) && intervalMillis == 0;
            if (node != null && node.isRemote() && !probe && !task.equals(Tasks.START)) {
                resetRemote = true;
                if (!resource.managed) {
                    explicit = null;
                }
            }
        }
        if (explicit != null) {
            return explicit;
        }
        if (resource.launcher != null) {
            return OnFail.RESTART_CONTAINER;
        }
        if (resetRemote) {
            return resource.managed ? OnFail.RESET_REMOTE : OnFail.STOP;
        }
        if (task.equals(Tasks.STOP)) {
            return fencing ? OnFail.FENCE_NODE : OnFail.BLOCK;
        }
        return OnFail.RESTART;
    }

    /** The role a resource has after its operation failed. */
    public static Role roleAfterFailure(Resource resource, String task, OnFail onFail) {
        if (onFail == OnFail.STOP
                || (onFail == OnFail.RESET_REMOTE && resource.remoteReconnectMillis != 0)) {
            return Role.STOPPED;
        }
        return task.equals(Tasks.PROMOTE) ? Role.UNPROMOTED : Role.STARTED;
    }
}
