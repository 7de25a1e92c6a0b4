package io.holdfast.cib.schema;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names that schema 3.0 gave up: cluster options spelled with underscores or moved to defaults,
 * operation settings that became meta attributes, options of managers that are gone. Each is
 * renamed, moved or dropped as Pacemaker does; a value that stands under the new name already wins.
 */
final class ObsoleteNames {
    /** New elements get this prefix, so that it is seen where they come from. */
    private static final String PREFIX = "_2TO3_";

    private static final Set<String> OLD_INFRASTRUCTURES =
            Set.of(
                    "heartbeat",
                    "openais",
                    "classic openais",
                    "classic openais (with plugin)",
                    "cman");

    private static final Map<String, String> RENAMED_OPTIONS =
            Map.ofEntries(
                    Map.entry("cluster_recheck_interval", "cluster-recheck-interval"),
                    Map.entry("dc_deadtime", "dc-deadtime"),
                    Map.entry("election_timeout", "election-timeout"),
                    Map.entry("no_quorum_policy", "no-quorum-policy"),
                    Map.entry("remove_after_stop", "remove-after-stop"),
                    Map.entry("shutdown_escalation", "shutdown-escalation"),
                    Map.entry("startup_fencing", "startup-fencing"),
                    Map.entry("stonith_action", "stonith-action"),
                    Map.entry("stonith_enabled", "stonith-enabled"),
                    Map.entry("stop_orphan_actions", "stop-orphan-actions"),
                    Map.entry("stop_orphan_resources", "stop-orphan-resources"),
                    Map.entry("symmetric_cluster", "symmetric-cluster"),
                    Map.entry("transition_idle_timeout", "cluster-delay"));

    private static final Map<String, String> TO_RESOURCE_DEFAULTS =
            Map.of(
                    "default-resource-stickiness", "resource-stickiness",
                    "default_resource_stickiness", "resource-stickiness",
                    "is-managed-default", "is-managed",
                    "is_managed_default", "is-managed");

    private static final Set<String> FAILURE_STICKINESS =
            Set.of(
                    "default-resource-failure-stickiness",
                    "default_resource_failure_stickiness",
                    "resource-failure-stickiness",
                    "resource_failure_stickiness");

    private static final Set<String> TO_OPERATION_DEFAULTS =
            Set.of("default-action-timeout", "default_action_timeout");

    /** Options that have no successor, and what to use instead. */
    private static final Map<String, String> DROPPED_OPTIONS =
            Map.of(
                    "default-migration-threshold", "migration-threshold in rsc_defaults",
                    "default_migration_threshold", "migration-threshold in rsc_defaults",
                    "expected-quorum-votes", "the membership's own configuration",
                    "notification-agent", "alerts",
                    "notification-recipient", "alerts");

    private static final Map<String, String> RENAMED_PARAMETERS =
            Map.of(
                    "pcmk_list_cmd", "pcmk_list_action",
                    "pcmk_monitor_cmd", "pcmk_monitor_action",
                    "pcmk_off_cmd", "pcmk_off_action",
                    "pcmk_on_cmd", "pcmk_on_action",
                    "pcmk_reboot_cmd", "pcmk_reboot_action",
                    "pcmk_status_cmd", "pcmk_status_action");

    private static final Set<String> ISOLATION =
            Set.of("isolation", "isolation-host", "isolation-instance", "isolation-wrapper");

    /** Parameters of operations that were always meta attributes of theirs. */
    private static final Set<String> OPERATION_META =
            Set.of(
                    "interval-origin",
                    "start-delay",
                    "enabled",
                    "on-fail",
                    "record-pending",
                    "role",
                    "timeout");

    private final List<Finding> notes;
    private final List<Element> toResourceDefaults = new ArrayList<>();
    private final List<Element> toOperationDefaults = new ArrayList<>();

    private ObsoleteNames(List<Finding> notes) {
        this.notes = notes;
    }

    static Cib upgrade(Cib cib, List<Finding> notes) {
        ObsoleteNames names = new ObsoleteNames(notes);
        Cib upgraded = names.mapSection(cib, Section.CRM_CONFIG, names::optionSet);
        upgraded = names.mapSection(upgraded, Section.NODES, names::node);
        upgraded = names.mapSection(upgraded, Section.RESOURCES, names::resource);
        upgraded = names.mapSection(upgraded, Section.CONSTRAINTS, names::constraint);
        upgraded =
                withDefaults(
                        upgraded, Section.RSC_DEFAULTS, names.toResourceDefaults, "-rsc-defaults");
        return withDefaults(
                upgraded, Section.OP_DEFAULTS, names.toOperationDefaults, "-op-defaults");
    }

    private interface Change {
        Element apply(Element element);
    }

    private Cib mapSection(Cib cib, Section section, Change change) {
        Element before = cib.section(section);
        Element after = before;
        for (Element child : before.children()) {
            Element changed = change.apply(child);
            if (!changed.equals(child)) {
                after = after.withChildReplaced(child, changed);
            }
        }
        return after.equals(before) ? cib : cib.withSection(section, after);
    }

    // --- cluster options ---

    private Element optionSet(Element set) {
        List<Element> kept = new ArrayList<>();
        for (Element child : set.children()) {
            Element option = child.is("nvpair") ? option(child) : child;
            if (option != null) {
                kept.add(option);
            }
        }
        return set.withChildren(kept);
    }

    /** The option as it stays here, or null when it is dropped or moved. */
    private @Nullable Element option(Element pair) {
        String name = pair.attribute("name", "");
        String value = pair.attribute("value", "");
        String renamed = RENAMED_OPTIONS.get(name);
        if (renamed != null) {
            return pair.withAttribute("name", renamed);
        }
        String resourceDefault = TO_RESOURCE_DEFAULTS.get(name);
        if (resourceDefault != null) {
            return moved(pair.withAttribute("name", resourceDefault), toResourceDefaults);
        }
        if (TO_OPERATION_DEFAULTS.contains(name)) {
            return moved(pair.withAttribute("name", "timeout"), toOperationDefaults);
        }
        if (FAILURE_STICKINESS.contains(name)) {
            if (value.equals("-INFINITY")) {
                return moved(asMigrationThreshold(pair), toResourceDefaults);
            }
            return dropped(pair, "migration-threshold in rsc_defaults");
        }
        String instead = DROPPED_OPTIONS.get(name);
        if (instead != null) {
            return dropped(pair, instead);
        }
        if (name.equals("cluster-infrastructure") && OLD_INFRASTRUCTURES.contains(value)) {
            return dropped(pair, "");
        }
        return pair;
    }

    private @Nullable Element moved(Element pair, List<Element> to) {
        to.add(pair);
        notes.add(
                Finding.info(
                        pair,
                        "an old cluster option is now the default " + pair.attribute("name", ""),
                        "defaults of resources and operations have sections of their own",
                        "set it in rsc_defaults or op_defaults"));
        return null;
    }

    private @Nullable Element dropped(Element pair, String instead) {
        notes.add(
                Finding.info(
                        pair,
                        "the obsolete " + pair.attribute("name", "") + " is dropped",
                        "nothing reads it any more",
                        instead.isEmpty() ? "remove it" : "remove it, and use " + instead));
        return null;
    }

    private static Element asMigrationThreshold(Element pair) {
        return pair.withAttribute("name", "migration-threshold").withAttribute("value", "1");
    }

    /**
     * Adds pairs to the first set of defaults without a rule, unless some such set has the name.
     */
    private static Cib withDefaults(Cib cib, Section section, List<Element> pairs, String id) {
        Element defaults = cib.section(section);
        Element result = defaults;
        for (Element pair : pairs) {
            result = withDefault(result, pair, id);
        }
        return result.equals(defaults) ? cib : cib.withSection(section, result);
    }

    private static Element withDefault(Element defaults, Element pair, String id) {
        Element target = null;
        for (Element set : defaults.children("meta_attributes")) {
            if (set.child("rule") != null || set.has("id-ref")) {
                continue;
            }
            if (hasPair(set, pair.attribute("name", ""))) {
                return defaults;
            }
            target = target == null ? set : target;
        }
        return target == null
                ? defaults.withChild(
                        Element.of("meta_attributes", "id", PREFIX + id).withChild(pair))
                : defaults.withChildReplaced(target, target.withChild(pair));
    }

    private static boolean hasPair(Element set, String name) {
        for (Element pair : set.children("nvpair")) {
            if (name.equals(pair.attribute("name"))) {
                return true;
            }
        }
        return false;
    }

    // --- nodes and constraints ---

    private Element node(Element node) {
        return "normal".equals(node.attribute("type"))
                ? node.withAttribute("type", "member")
                : node;
    }

    /** These two never had an effect. */
    private Element constraint(Element constraint) {
        return constraint.is("rsc_colocation")
                ? constraint
                        .withoutAttribute("score-attribute")
                        .withoutAttribute("score-attribute-mangle")
                : constraint;
    }

    // --- resources ---

    private Element resource(Element resource) {
        Element result = resource;
        if (resource.is("primitive") || resource.is("template")) {
            result = operations(result);
            List<Element> children = new ArrayList<>();
            for (Element part : result.children()) {
                children.add(
                        switch (part.name()) {
                            case "instance_attributes" -> parameters(part);
                            case "meta_attributes" -> meta(part);
                            default -> part;
                        });
            }
            return result.withChildren(children);
        }
        for (Element child : resource.children()) {
            Element changed = resource(child);
            if (!changed.equals(child)) {
                result = result.withChildReplaced(child, changed);
            }
        }
        return result;
    }

    private Element parameters(Element set) {
        List<Element> kept = new ArrayList<>();
        for (Element pair : set.children()) {
            String name = pair.attribute("name", "");
            String renamed = pair.is("nvpair") ? RENAMED_PARAMETERS.get(name) : null;
            if (renamed != null) {
                kept.add(pair.withAttribute("name", renamed));
            } else if (!name.equals("pcmk_arg_map")) {
                kept.add(pair);
            } else {
                argumentMap(pair, kept);
            }
        }
        return set.withChildren(kept);
    }

    /** A map of one argument named port has a successor; others have not. */
    private void argumentMap(Element pair, List<Element> kept) {
        String value = pair.attribute("value", "");
        if (value.startsWith("port:") && value.indexOf(',') < 0) {
            kept.add(
                    pair.withAttribute("name", "pcmk_host_argument")
                            .withAttribute("value", value.substring("port:".length())));
        } else {
            dropped(pair, "pcmk_host_argument");
        }
    }

    private Element meta(Element set) {
        List<Element> kept = new ArrayList<>();
        for (Element pair : set.children()) {
            String name = pair.attribute("name", "");
            Element upgraded = pair;
            if (!pair.is("nvpair")) {
                kept.add(pair);
                continue;
            }
            if (ISOLATION.contains(name)) {
                upgraded = isolation(pair);
            } else if (FAILURE_STICKINESS.contains(name)) {
                boolean always = "-INFINITY".equals(pair.attribute("value"));
                upgraded =
                        always ? asMigrationThreshold(pair) : dropped(pair, "migration-threshold");
            }
            if (upgraded != null && !isRepeated(upgraded, pair, kept, set)) {
                kept.add(upgraded);
            }
        }
        return set.withChildren(kept);
    }

    private Element isolation(Element pair) {
        notes.add(
                Finding.warning(
                        pair,
                        "the resource is disabled, because it was to run isolated",
                        "isolation wrappers are gone, and running it unwrapped could do harm",
                        "use a bundle, then remove target-role=Stopped"));
        return pair.withAttribute("name", "target-role").withAttribute("value", "Stopped");
    }

    /** What an old name becomes must not stand twice in a set. */
    private static boolean isRepeated(
            Element upgraded, Element pair, List<Element> kept, Element set) {
        if (upgraded.equals(pair)) {
            return false;
        }
        String name = upgraded.attribute("name", "");
        for (Element before : kept) {
            if (name.equals(before.attribute("name"))) {
                return true;
            }
        }
        return hasPair(set, name);
    }

    // --- operations ---

    /** Also moves {@code requires} of start and promote up to the resource. */
    private Element operations(Element resource) {
        Element operations = resource.child("operations");
        if (operations == null) {
            return resource;
        }
        Element requires = null;
        int priority = 0;
        List<Element> upgraded = new ArrayList<>();
        for (Element operation : operations.children()) {
            if (!operation.is("op")) {
                upgraded.add(operation);
                continue;
            }
            Requirement found = requirementOf(operation, resource.id());
            if (found != null && found.priority() > priority) {
                requires = found.metaSet();
                priority = found.priority();
            }
            upgraded.add(operation(operation));
        }
        Element result = resource.withChildReplaced(operations, operations.withChildren(upgraded));
        boolean alreadySet = false;
        for (Element meta : resource.children("meta_attributes")) {
            alreadySet |= meta.child("rule") == null && hasPair(meta, "requires");
        }
        return requires == null || alreadySet ? result : result.withChild(requires);
    }

    /**
     * What a start or promote requires.
     *
     * @param priority an attribute of the operation counts more than a meta attribute, that more
     *     than a parameter
     */
    private record Requirement(Element metaSet, int priority) {}

    private @Nullable Requirement requirementOf(Element operation, String resourceId) {
        String name = operation.attribute("name", "");
        if (!name.equals("start") && !name.equals("promote")) {
            return null;
        }
        String value = operation.attribute("requires");
        if (value != null) {
            Element pair =
                    Element.of(
                            "nvpair",
                            "id",
                            PREFIX + operation.id() + "-meta-requires",
                            "name",
                            "requires",
                            "value",
                            value);
            return new Requirement(
                    Element.of("meta_attributes", "id", PREFIX + resourceId + "-meta")
                            .withChild(pair),
                    3);
        }
        for (String kind : List.of("meta_attributes", "instance_attributes")) {
            for (Element set : operation.children(kind)) {
                for (Element pair : set.children("nvpair")) {
                    if ("requires".equals(pair.attribute("name"))) {
                        Element meta =
                                Element.of("meta_attributes", "id", PREFIX + set.id())
                                        .withChild(pair);
                        return new Requirement(meta, kind.equals("meta_attributes") ? 2 : 1);
                    }
                }
            }
        }
        return null;
    }

    private Element operation(Element operation) {
        Element result = operation.withoutAttribute("requires");
        List<Element> toMeta = new ArrayList<>();
        List<Element> children = new ArrayList<>();
        for (Element set : result.children()) {
            boolean parameters = set.is("instance_attributes");
            List<Element> kept = new ArrayList<>();
            for (Element pair : set.children()) {
                String name = pair.attribute("name", "");
                if (name.equals("requires")) {
                    continue;
                }
                if (parameters && pair.is("nvpair") && OPERATION_META.contains(name)) {
                    if (!operation.has(name)) {
                        toMeta.add(pair);
                    }
                } else {
                    kept.add(pair);
                }
            }
            boolean emptied = kept.isEmpty() && !set.children().isEmpty();
            if (!emptied) {
                children.add(set.withChildren(kept));
            }
        }
        return withMeta(result.withChildren(children), toMeta);
    }

    private static Element withMeta(Element operation, List<Element> pairs) {
        Element result = operation;
        for (Element pair : pairs) {
            Element set = null;
            boolean known = false;
            for (Element meta : result.children("meta_attributes")) {
                if (meta.child("rule") == null && !meta.has("id-ref")) {
                    set = set == null ? meta : set;
                    known |= hasPair(meta, pair.attribute("name", ""));
                }
            }
            if (known) {
                continue;
            }
            String id = PREFIX + operation.id() + "-meta";
            result =
                    set == null
                            ? result.withChild(
                                    Element.of("meta_attributes", "id", id).withChild(pair))
                            : result.withChildReplaced(set, set.withChild(pair));
        }
        return result;
    }
}
