package io.holdfast.cib.schema;

import static io.holdfast.cib.schema.ValueType.BOOLEAN;
import static io.holdfast.cib.schema.ValueType.ID;
import static io.holdfast.cib.schema.ValueType.INTEGER;
import static io.holdfast.cib.schema.ValueType.NON_NEGATIVE;
import static io.holdfast.cib.schema.ValueType.NOT_EMPTY;
import static io.holdfast.cib.schema.ValueType.POSITIVE;
import static io.holdfast.cib.schema.ValueType.SCORE;
import static io.holdfast.cib.schema.ValueType.TEXT;

import io.holdfast.cib.xml.Element;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The current schema: what every element of a CIB may hold. Order of different children does not
 * matter. The reader of this table starts at the end, with {@link #CIB}.
 */
final class Shapes {
    private Shapes() {}

    private static Shape shape() {
        return new Shape();
    }

    private static final ValueType ROLE =
            ValueType.oneOf("Stopped", "Started", "Promoted", "Unpromoted", "Master", "Slave");
    private static final ValueType ACTION = ValueType.oneOf("start", "promote", "demote", "stop");
    private static final ValueType KIND = ValueType.oneOf("Optional", "Mandatory", "Serialize");

    // --- rules ---

    private static final Shape EXPRESSION =
            shape().needs("id", ID)
                    .needs("attribute", TEXT)
                    .needs(
                            "operation",
                            ValueType.oneOf(
                                    "lt", "gt", "lte", "gte", "eq", "ne", "defined", "not_defined"))
                    .may("value", TEXT)
                    .may("type", ValueType.oneOf("string", "integer", "number", "version"))
                    .may("value-source", ValueType.oneOf("literal", "param", "meta"));

    private static final Shape DURATION =
            periods(
                    "years",
                    "months",
                    "weeks",
                    "days",
                    "hours",
                    "minutes",
                    "seconds",
                    "monthdays",
                    "weekdays",
                    "yearsdays",
                    "weekyears",
                    "moon");

    private static final Shape DATE_SPEC =
            periods(
                    "years",
                    "months",
                    "monthdays",
                    "hours",
                    "minutes",
                    "seconds",
                    "yeardays",
                    "weekyears",
                    "weeks",
                    "weekdays",
                    "moon",
                    "yearsdays");

    private static Shape periods(String... names) {
        Shape shape = shape().needs("id", ID);
        for (String name : names) {
            shape.may(name, TEXT);
        }
        return shape;
    }

    private static final Shape DATE_EXPRESSION =
            shape().needs("id", ID)
                    .needs("operation", ValueType.oneOf("in_range", "gt", "lt", "date_spec"))
                    .may("start", TEXT)
                    .may("end", TEXT)
                    .atMostOne("duration", DURATION)
                    .atMostOne("date_spec", DATE_SPEC)
                    .rule(Shapes::datesFit);

    /** Each operation has parts of its own. */
    private static @Nullable String datesFit(Element date) {
        String operation = date.attribute("operation", "").strip();
        boolean start = date.has("start");
        boolean end = date.has("end");
        boolean duration = date.child("duration") != null;
        boolean spec = date.child("date_spec") != null;
        return switch (operation) {
            case "in_range" ->
                    (start || end) && !spec
                            ? null
                            : "in_range needs start or end, and no date_spec";
            case "gt" -> start && !end && !duration && !spec ? null : "gt needs start alone";
            case "lt" -> end && !start && !duration && !spec ? null : "lt needs end alone";
            case "date_spec" ->
                    spec && !start && !end && !duration ? null : "date_spec needs a date_spec";
            default -> null; // the operation itself is told already
        };
    }

    private static final Shape RSC_EXPRESSION =
            shape().needs("id", ID).may("class", TEXT).may("provider", TEXT).may("type", TEXT);

    private static final Shape OP_EXPRESSION =
            shape().needs("id", ID).needs("name", TEXT).may("interval", TEXT);

    private static final Shape RULE = ruleShape();

    private static Shape ruleShape() {
        Shape rule =
                shape().may("id", ID)
                        .may("id-ref", ID)
                        .may("boolean-op", ValueType.oneOf("or", "and"))
                        .may("role", TEXT)
                        .may("score", SCORE)
                        .may("score-attribute", TEXT)
                        .any("expression", EXPRESSION)
                        .any("date_expression", DATE_EXPRESSION)
                        .any("rsc_expression", RSC_EXPRESSION)
                        .any("op_expression", OP_EXPRESSION)
                        .notBoth("score", "score-attribute")
                        .rule(Shapes::idOrReferenceAlone)
                        .rule(
                                element ->
                                        element.has("id-ref") || !element.children().isEmpty()
                                                ? null
                                                : "it has no expression");
        return rule.any("rule", rule);
    }

    /** An element has an id and content, or refers to another one and has nothing else. */
    private static @Nullable String idOrReferenceAlone(Element element) {
        if (!element.has("id-ref")) {
            return element.has("id") ? null : "it has neither id nor id-ref";
        }
        return element.attributeCount() == 1 && element.children().isEmpty()
                ? null
                : "it has an id-ref and content of its own";
    }

    // --- sets of names and values ---

    private static final Shape NVPAIR = nvpair();

    private static Shape nvpair() {
        return shape().may("id", ID)
                .may("id-ref", ID)
                .may("name", TEXT)
                .may("value", TEXT)
                .rule(
                        pair -> {
                            if (pair.has("id-ref")) {
                                return pair.has("id") || pair.has("value")
                                        ? "it has an id-ref and an id or value of its own"
                                        : null;
                            }
                            if (!pair.has("id")) {
                                return "it has neither id nor id-ref";
                            }
                            return pair.has("name") ? null : "it has no name";
                        });
    }

    private static final Shape NVSET = nvset(NVPAIR);

    private static Shape nvset(Shape pair) {
        return shape().may("id", ID)
                .may("id-ref", ID)
                .may("score", SCORE)
                .atMostOne("rule", RULE)
                .any("nvpair", pair)
                .rule(Shapes::idOrReferenceAlone);
    }

    private static Shape pairExcept(Set<String> names, String why) {
        return nvpair().rule(
                        pair ->
                                names.contains(pair.attribute("name", ""))
                                        ? "the name " + pair.attribute("name", "") + " " + why
                                        : null);
    }

    private static final Shape PROPERTY_SET =
            nvset(
                    pairExcept(
                                    Set.of(
                                            "cluster_recheck_interval",
                                            "dc_deadtime",
                                            "default-action-timeout",
                                            "default_action_timeout",
                                            "default-migration-threshold",
                                            "default_migration_threshold",
                                            "default-resource-failure-stickiness",
                                            "default_resource_failure_stickiness",
                                            "default-resource-stickiness",
                                            "default_resource_stickiness",
                                            "election_timeout",
                                            "expected-quorum-votes",
                                            "is-managed-default",
                                            "is_managed_default",
                                            "no_quorum_policy",
                                            "notification-agent",
                                            "notification-recipient",
                                            "remove_after_stop",
                                            "shutdown_escalation",
                                            "startup_fencing",
                                            "stonith_action",
                                            "stonith_enabled",
                                            "stop_orphan_actions",
                                            "stop_orphan_resources",
                                            "symmetric_cluster",
                                            "transition_idle_timeout"),
                                    "is of before schema 3.0")
                            .rule(Shapes::infrastructureIsToday));

    private static @Nullable String infrastructureIsToday(Element pair) {
        if (!"cluster-infrastructure".equals(pair.attribute("name"))) {
            return null;
        }
        String value = pair.attribute("value");
        if (value == null) {
            return "cluster-infrastructure needs a value";
        }
        return switch (value) {
            case "heartbeat",
                    "openais",
                    "classic openais",
                    "classic openais (with plugin)",
                    "cman" ->
                    "the cluster-infrastructure " + value + " is of before schema 3.0";
            default -> null;
        };
    }

    private static final Shape RESOURCE_META =
            nvset(
                    pairExcept(
                            Set.of(
                                    "isolation",
                                    "isolation-host",
                                    "isolation-instance",
                                    "isolation-wrapper"),
                            "is of before schema 3.0"));

    private static final Shape OPERATION_META =
            nvset(pairExcept(Set.of("requires"), "belongs to the resource's meta attributes"));

    // --- resources ---

    private static final Shape OPERATION =
            shape().needs("id", ID)
                    .needs("name", TEXT)
                    .needs("interval", TEXT)
                    .may("description", TEXT)
                    .may("start-delay", TEXT)
                    .may("interval-origin", TEXT)
                    .may("timeout", TEXT)
                    .may("enabled", BOOLEAN)
                    .may("record-pending", BOOLEAN)
                    .may("role", ROLE)
                    .may(
                            "on-fail",
                            ValueType.oneOf(
                                    "ignore",
                                    "block",
                                    "demote",
                                    "stop",
                                    "restart",
                                    "standby",
                                    "fence",
                                    "restart-container"))
                    .notBoth("start-delay", "interval-origin")
                    .any("meta_attributes", OPERATION_META)
                    .any("instance_attributes", NVSET);

    private static final Shape OPERATIONS =
            shape().may("id", ID).may("id-ref", ID).any("op", OPERATION);

    private static Shape agentUser() {
        return shape().needs("id", ID)
                .may(
                        "class",
                        ValueType.oneOf(
                                "ocf",
                                "lsb",
                                "heartbeat",
                                "stonith",
                                "upstart",
                                "service",
                                "systemd",
                                "nagios"))
                .may("provider", TEXT)
                .may("type", TEXT)
                .may("description", TEXT)
                .any("meta_attributes", RESOURCE_META)
                .any("instance_attributes", NVSET)
                .any("utilization", NVSET)
                .atMostOne("operations", OPERATIONS);
    }

    private static @Nullable String agentIsComplete(Element resource) {
        String standard = resource.attribute("class");
        if (standard == null) {
            return "it has no class";
        }
        if (!resource.has("type")) {
            return "it has no type";
        }
        boolean ocf = standard.strip().equals("ocf");
        if (ocf && !resource.has("provider")) {
            return "an ocf agent needs a provider";
        }
        return !ocf && resource.has("provider") ? "only ocf agents have a provider" : null;
    }

    private static final Shape TEMPLATE = agentUser().rule(Shapes::agentIsComplete);

    private static final Shape PRIMITIVE =
            agentUser()
                    .may("template", ID)
                    .rule(
                            primitive -> {
                                if (!primitive.has("template")) {
                                    return agentIsComplete(primitive);
                                }
                                boolean agent =
                                        primitive.has("class")
                                                || primitive.has("provider")
                                                || primitive.has("type");
                                return agent ? "it has a template and an agent of its own" : null;
                            });

    private static Shape container() {
        return shape().needs("id", ID)
                .may("description", TEXT)
                .any("meta_attributes", NVSET)
                .any("instance_attributes", NVSET);
    }

    private static final Shape GROUP = container().atLeastOne("primitive", PRIMITIVE);

    private static final Shape CLONE =
            container()
                    .atMostOne("primitive", PRIMITIVE)
                    .atMostOne("group", GROUP)
                    .rule(
                            clone -> {
                                boolean primitive = clone.child("primitive") != null;
                                boolean group = clone.child("group") != null;
                                return primitive == group
                                        ? "it needs one primitive or one group"
                                        : null;
                            });

    private static final Shape ENGINE =
            shape().needs("image", TEXT)
                    .may("replicas", INTEGER)
                    .may("replicas-per-host", INTEGER)
                    .may("masters", INTEGER)
                    .may("promoted-max", INTEGER)
                    .may("run-command", TEXT)
                    .may("network", TEXT)
                    .may("options", TEXT)
                    .notBoth("masters", "promoted-max");

    private static final Shape PORT_MAPPING =
            shape().needs("id", ID)
                    .may("port", INTEGER)
                    .may("internal-port", INTEGER)
                    .may("range", ValueType.pattern("digits and -", "[0-9\\-]+"))
                    .rule(
                            mapping ->
                                    mapping.has("port") == mapping.has("range")
                                            ? "it needs either a port or a range"
                                            : null)
                    .notBoth("range", "internal-port");

    private static final Shape NETWORK =
            shape().may("ip-range-start", TEXT)
                    .may("control-port", INTEGER)
                    .may("host-interface", TEXT)
                    .may("host-netmask", INTEGER)
                    .may("add-host", BOOLEAN)
                    .any("port-mapping", PORT_MAPPING);

    private static final Shape STORAGE_MAPPING =
            shape().needs("id", ID)
                    .may("source-dir", TEXT)
                    .may("source-dir-root", TEXT)
                    .needs("target-dir", TEXT)
                    .may("options", TEXT)
                    .rule(
                            mapping ->
                                    mapping.has("source-dir") == mapping.has("source-dir-root")
                                            ? "it needs either source-dir or source-dir-root"
                                            : null);

    private static final Shape BUNDLE =
            container()
                    .atMostOne("docker", ENGINE)
                    .atMostOne("podman", ENGINE)
                    .atMostOne("rkt", ENGINE)
                    .atMostOne("network", NETWORK)
                    .atMostOne("storage", shape().any("storage-mapping", STORAGE_MAPPING))
                    .atMostOne("primitive", PRIMITIVE)
                    .rule(
                            bundle -> {
                                int engines =
                                        bundle.children("docker").size()
                                                + bundle.children("podman").size()
                                                + bundle.children("rkt").size();
                                return engines == 1 ? null : "it needs one of docker, podman, rkt";
                            });

    private static final Shape RESOURCES =
            shape().any("primitive", PRIMITIVE)
                    .any("template", TEMPLATE)
                    .any("group", GROUP)
                    .any("clone", CLONE)
                    .any("master", CLONE)
                    .any("bundle", BUNDLE);

    // --- constraints ---

    private static final Shape RESOURCE_SET =
            shape().may("id", ID)
                    .may("id-ref", ID)
                    .may("sequential", BOOLEAN)
                    .may("require-all", BOOLEAN)
                    .may("ordering", ValueType.oneOf("group", "listed"))
                    .may("action", ACTION)
                    .may("role", ROLE)
                    .may("score", SCORE)
                    .may("kind", KIND)
                    .any("resource_ref", shape().needs("id", ID))
                    .notBoth("score", "kind")
                    .rule(Shapes::idOrReferenceAlone)
                    .rule(
                            set ->
                                    set.has("id-ref") || !set.children().isEmpty()
                                            ? null
                                            : "it names no resource");

    private static final Shape LIFETIME = shape().atLeastOne("rule", RULE);

    private static Shape constraint() {
        return shape().needs("id", ID).any("resource_set", RESOURCE_SET);
    }

    /** Sets, or the attributes that name resources directly; not both, not neither. */
    private static Shape.Rule setsOr(String... direct) {
        return constraint -> {
            boolean sets = constraint.child("resource_set") != null;
            for (String name : direct) {
                if (constraint.has(name) && sets) {
                    return "it has resource sets and also " + name;
                }
            }
            return null;
        };
    }

    private static Shape.Rule needsWithoutSets(String... names) {
        return constraint -> {
            if (constraint.child("resource_set") == null) {
                for (String name : names) {
                    if (!constraint.has(name)) {
                        return "it has neither resource sets nor " + name;
                    }
                }
            }
            return null;
        };
    }

    private static final Shape LOCATION =
            constraint()
                    .may("rsc", ID)
                    .may("rsc-pattern", TEXT)
                    .may("role", ROLE)
                    .may("score", SCORE)
                    .may("node", TEXT)
                    .may("resource-discovery", ValueType.oneOf("always", "never", "exclusive"))
                    .any("rule", RULE)
                    .atMostOne("lifetime", LIFETIME)
                    .notBoth("rsc", "rsc-pattern")
                    .rule(setsOr("rsc", "rsc-pattern", "role"))
                    .rule(
                            location ->
                                    location.has("rsc")
                                                    || location.has("rsc-pattern")
                                                    || location.child("resource_set") != null
                                            ? null
                                            : "it names no resource")
                    .rule(
                            location -> {
                                boolean rules = location.child("rule") != null;
                                boolean direct = location.has("score") && location.has("node");
                                boolean part = location.has("score") || location.has("node");
                                return rules
                                        ? (part ? "it has rules and also a score or node" : null)
                                        : (direct ? null : "it needs score and node, or a rule");
                            });

    private static final Shape COLOCATION =
            constraint()
                    .may("score", SCORE)
                    .may("influence", TEXT)
                    .may("rsc", ID)
                    .may("with-rsc", ID)
                    .may("node-attribute", TEXT)
                    .may("rsc-role", ROLE)
                    .may("with-rsc-role", ROLE)
                    .atMostOne("lifetime", LIFETIME)
                    .rule(setsOr("rsc", "with-rsc", "node-attribute", "rsc-role", "with-rsc-role"))
                    .rule(needsWithoutSets("rsc", "with-rsc"));

    private static final Shape ORDER =
            constraint()
                    .may("symmetrical", BOOLEAN)
                    .may("require-all", BOOLEAN)
                    .may("score", SCORE)
                    .may("kind", KIND)
                    .may("first", ID)
                    .may("then", ID)
                    .may("first-action", ACTION)
                    .may("then-action", ACTION)
                    .atMostOne("lifetime", LIFETIME)
                    .notBoth("score", "kind")
                    .rule(setsOr("first", "then", "first-action", "then-action"))
                    .rule(needsWithoutSets("first", "then"));

    private static final Shape TICKET =
            constraint()
                    .needs("ticket", TEXT)
                    .may("rsc", ID)
                    .may("rsc-role", ROLE)
                    .may("loss-policy", ValueType.oneOf("stop", "demote", "fence", "freeze"))
                    .rule(setsOr("rsc", "rsc-role"))
                    .rule(needsWithoutSets("rsc"));

    private static final Shape CONSTRAINTS =
            shape().any("rsc_location", LOCATION)
                    .any("rsc_colocation", COLOCATION)
                    .any("rsc_order", ORDER)
                    .any("rsc_ticket", TICKET);

    // --- nodes, fencing, access, tags, alerts ---

    private static final Shape NODES =
            shape().any(
                            "node",
                            shape().needs("id", NOT_EMPTY)
                                    .needs("uname", NOT_EMPTY)
                                    .may("type", ValueType.oneOf("member", "ping", "remote"))
                                    .may("description", TEXT)
                                    .may("score", SCORE)
                                    .any("instance_attributes", NVSET)
                                    .any("utilization", NVSET));

    private static final Shape FENCING_LEVEL =
            shape().needs("id", ID)
                    .may("target", TEXT)
                    .may("target-pattern", TEXT)
                    .may("target-attribute", TEXT)
                    .may("target-value", TEXT)
                    .needs("index", POSITIVE)
                    .needs(
                            "devices",
                            ValueType.pattern(
                                    "ids of devices, joined by commas",
                                    "[a-zA-Z0-9_.\\-]+(,[a-zA-Z0-9_.\\-]+)*+"))
                    .rule(
                            level -> {
                                int ways = level.has("target") ? 1 : 0;
                                ways += level.has("target-pattern") ? 1 : 0;
                                boolean attribute = level.has("target-attribute");
                                ways += attribute || level.has("target-value") ? 1 : 0;
                                return ways == 1 && attribute == level.has("target-value")
                                        ? null
                                        : "it needs one of target, target-pattern, or"
                                                + " target-attribute with target-value";
                            });

    private static final Shape ACL_HOLDER =
            shape().needs("id", NOT_EMPTY).may("name", TEXT).any("role", shape().needs("id", ID));

    private static final Shape ACL_PERMISSION =
            shape().needs("id", ID)
                    .needs("kind", ValueType.oneOf("read", "write", "deny"))
                    .may("xpath", TEXT)
                    .may("reference", ID)
                    .may("object-type", TEXT)
                    .may("attribute", TEXT)
                    .may("description", TEXT)
                    .rule(
                            permission -> {
                                int ways = permission.has("xpath") ? 1 : 0;
                                ways += permission.has("reference") ? 1 : 0;
                                boolean type = permission.has("object-type");
                                ways += type ? 1 : 0;
                                return ways == 1 && (type || !permission.has("attribute"))
                                        ? null
                                        : "it needs one of xpath, reference, or object-type"
                                                + " (attribute only beside object-type)";
                            });

    private static final Shape ACLS =
            shape().any("acl_target", ACL_HOLDER)
                    .any("acl_group", ACL_HOLDER)
                    .any(
                            "acl_role",
                            shape().needs("id", ID)
                                    .may("description", TEXT)
                                    .any("acl_permission", ACL_PERMISSION));

    private static final Shape TAGS =
            shape().any(
                            "tag",
                            shape().needs("id", ID)
                                    .atLeastOne("obj_ref", shape().needs("id", TEXT)));

    private static Shape alertSettings() {
        return shape().any("meta_attributes", NVSET).any("instance_attributes", NVSET);
    }

    private static final Shape ALERTS =
            shape().any(
                            "alert",
                            alertSettings()
                                    .needs("id", ID)
                                    .may("description", TEXT)
                                    .needs("path", TEXT)
                                    .atMostOne(
                                            "select",
                                            shape().atMostOne(
                                                            "select_attributes",
                                                            shape().any(
                                                                            "attribute",
                                                                            shape().needs("id", ID)
                                                                                    .needs(
                                                                                            "name",
                                                                                            TEXT)))
                                                    .atMostOne("select_fencing", shape())
                                                    .atMostOne("select_nodes", shape())
                                                    .atMostOne("select_resources", shape()))
                                    .any(
                                            "recipient",
                                            alertSettings()
                                                    .needs("id", ID)
                                                    .may("description", TEXT)
                                                    .needs("value", TEXT)));

    // --- the whole ---

    private static final Shape CONFIGURATION =
            shape().exactlyOne("crm_config", shape().any("cluster_property_set", PROPERTY_SET))
                    .atMostOne("rsc_defaults", shape().any("meta_attributes", NVSET))
                    .atMostOne("op_defaults", shape().any("meta_attributes", NVSET))
                    .exactlyOne("nodes", NODES)
                    .exactlyOne("resources", RESOURCES)
                    .exactlyOne("constraints", CONSTRAINTS)
                    .atMostOne("fencing-topology", shape().any("fencing-level", FENCING_LEVEL))
                    .atMostOne("acls", ACLS)
                    .atMostOne("tags", TAGS)
                    .atMostOne("alerts", ALERTS);

    static final Shape CIB =
            shape().needs("admin_epoch", NON_NEGATIVE)
                    .needs("epoch", NON_NEGATIVE)
                    .needs("num_updates", NON_NEGATIVE)
                    .may("validate-with", TEXT)
                    .may("crm_feature_set", TEXT)
                    .may("remote-tls-port", NON_NEGATIVE)
                    .may("remote-clear-port", NON_NEGATIVE)
                    .may("have-quorum", BOOLEAN)
                    .may("dc-uuid", TEXT)
                    .may("cib-last-written", TEXT)
                    .may("no-quorum-panic", BOOLEAN)
                    .may("update-origin", TEXT)
                    .may("update-client", TEXT)
                    .may("update-user", TEXT)
                    .may("execution-date", TEXT)
                    .exactlyOne("configuration", CONFIGURATION)
                    .atMostOne("status", shape().open());
}
