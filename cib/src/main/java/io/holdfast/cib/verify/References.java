package io.holdfast.cib.verify;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.Severity;
import io.holdfast.cib.xml.Element;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the configuration names exists: resources, templates, tags, nodes, roles, id-refs.
 */
final class References {
    private static final List<String> CONSTRAINT_REFERENCES =
            List.of("rsc", "with-rsc", "first", "then");

    private final Cib cib;
    private final List<Finding> findings;

    /** Looked up, never iterated. */
    private final Map<String, Element> resources = new HashMap<>();

    private final Map<String, Element> containerOf = new HashMap<>();
    private final Map<String, Element> everyId = new HashMap<>();
    private final Set<String> tags = new HashSet<>();
    private final Set<String> nodes = new HashSet<>();

    private References(Cib cib, List<Finding> findings) {
        this.cib = cib;
        this.findings = findings;
    }

    static void check(Cib cib, List<Finding> findings) {
        References references = new References(cib, findings);
        references.collect();
        references.checkTemplates(cib.resources());
        references.checkIdReferences();
        cib.constraints().children().forEach(references::checkConstraint);
        references.checkTags();
        references.checkFencingLevels();
        references.checkRoles();
    }

    private void collect() {
        cib.configuration()
                .visit(
                        element -> {
                            if (element.has("id") && !UniqueIds.isNoXmlId(element)) {
                                everyId.putIfAbsent(element.id(), element);
                            }
                        });
        cib.resources().children().forEach(resource -> collectResource(resource, null));
        cib.section(Section.TAGS).children().forEach(tag -> tags.add(tag.id()));
        for (Element node : cib.nodes().children()) {
            nodes.add(node.attribute("uname", node.id()).toLowerCase(Locale.ROOT));
        }
        for (Element node : cib.status().children("node_state")) {
            nodes.add(node.attribute("uname", node.id()).toLowerCase(Locale.ROOT));
        }
    }

    private void collectResource(Element resource, @Nullable Element container) {
        if (!isResource(resource)) {
            return;
        }
        resources.put(resource.id(), resource);
        if (container != null) {
            containerOf.put(resource.id(), container);
        }
        collectNodesMadeBy(resource);
        resource.children().forEach(child -> collectResource(child, resource));
    }

    /** Remote nodes, guests and bundle replicas are nodes that only the resources tell of. */
    private void collectNodesMadeBy(Element resource) {
        if ("remote".equals(resource.attribute("type"))) {
            nodes.add(resource.id().toLowerCase(Locale.ROOT));
        }
        for (Element meta : resource.children("meta_attributes")) {
            for (Element pair : meta.children("nvpair")) {
                if ("remote-node".equals(pair.attribute("name"))) {
                    nodes.add(pair.attribute("value", "").toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private static boolean isResource(Element element) {
        return switch (element.name()) {
            case "primitive", "template", "group", "clone", "master", "bundle" -> true;
            default -> false;
        };
    }

    private void checkTemplates(Element parent) {
        for (Element resource : parent.children()) {
            String template = resource.attribute("template");
            Element found = template == null ? null : resources.get(template);
            if (template != null && (found == null || !found.is("template"))) {
                findings.add(
                        Finding.error(
                                resource,
                                "there is no template " + template,
                                "the resource takes its agent and settings from it",
                                "define the template, or give the resource its own agent"));
            }
            if (isResource(resource)) {
                checkTemplates(resource);
            }
        }
    }

    private void checkIdReferences() {
        cib.configuration()
                .visit(
                        element -> {
                            String reference = element.attribute("id-ref");
                            Element target = reference == null ? null : everyId.get(reference);
                            if (reference != null
                                    && (target == null || !target.is(element.name()))) {
                                findings.add(danglingIdRef(element, reference, target));
                            }
                        });
    }

    private static Finding danglingIdRef(
            Element element, String reference, @Nullable Element target) {
        return new Finding(
                Severity.ERROR,
                element.name() + " with id-ref " + reference,
                element.line(),
                target == null
                        ? "there is nothing with the id " + reference
                        : reference + " is a " + target.name() + ", not a " + element.name(),
                "the element stands for another one of its kind",
                "correct the id-ref, or define what it refers to");
    }

    private void checkConstraint(Element constraint) {
        for (String name : CONSTRAINT_REFERENCES) {
            String resource = constraint.attribute(name);
            if (resource != null) {
                checkResource(constraint, resource);
            }
        }
        for (Element set : constraint.children("resource_set")) {
            for (Element member : set.children("resource_ref")) {
                checkResource(constraint, member.id());
            }
        }
        if (constraint.is("rsc_location")) {
            checkLocationNodes(constraint);
        }
    }

    private void checkResource(Element constraint, String id) {
        Element resource = resources.get(id);
        if (resource == null && !tags.contains(id)) {
            String remedy = "define the resource, correct its name, or remove the constraint";
            findings.add(
                    everyId.containsKey(id)
                            ? Finding.warning(
                                    constraint,
                                    id + " is not a resource",
                                    "the constraint is ignored",
                                    remedy)
                            : Finding.error(
                                    constraint,
                                    "there is no resource " + id,
                                    "the constraint would be ignored",
                                    remedy));
            return;
        }
        Element container = containerOf.get(id);
        if (container == null) {
            return;
        }
        boolean group = container.is("group");
        if (group && constraint.is("rsc_colocation")) {
            findings.add(
                    Finding.warning(
                            constraint,
                            "resource " + id + " is a member of group " + container.id(),
                            "the group's own order and place also bind it, and members before it"
                                    + " are not bound by this constraint",
                            "put the constraint on the group"));
        } else if (!group && !container.is("bundle")) {
            findings.add(
                    Finding.warning(
                            constraint,
                            "resource " + id + " is inside clone " + container.id(),
                            "it has several instances, and the constraint does not say which",
                            "put the constraint on the clone"));
        }
    }

    private void checkLocationNodes(Element location) {
        String node = location.attribute("node");
        if (node != null) {
            checkNode(location, node);
        }
        for (Element rule : location.children("rule")) {
            for (Element expression : rule.children("expression")) {
                if ("#uname".equals(expression.attribute("attribute"))
                        && "eq".equals(expression.attribute("operation"))) {
                    checkNode(location, expression.attribute("value", ""));
                }
            }
        }
    }

    private void checkNode(Element at, String node) {
        boolean nodesKnown = !nodes.isEmpty();
        if (nodesKnown && !node.isEmpty() && !nodes.contains(node.toLowerCase(Locale.ROOT))) {
            findings.add(
                    Finding.warning(
                            at,
                            "there is no node " + node,
                            "this has no effect until a node of that name joins",
                            "correct the name, or add the node"));
        }
    }

    private void checkTags() {
        for (Element tag : cib.section(Section.TAGS).children("tag")) {
            for (Element member : tag.children("obj_ref")) {
                if (!everyId.containsKey(member.id())) {
                    findings.add(
                            Finding.warning(
                                    tag,
                                    "there is nothing with the id " + member.id(),
                                    "the tag names it",
                                    "correct the name, or remove it from the tag"));
                }
            }
        }
    }

    private void checkFencingLevels() {
        for (Element level : cib.section(Section.FENCING_TOPOLOGY).children("fencing-level")) {
            String target = level.attribute("target");
            if (target != null) {
                checkNode(level, target);
            }
            for (String device : level.attribute("devices", "").split(",", -1)) {
                checkDevice(level, device.strip());
            }
        }
    }

    private void checkDevice(Element level, String device) {
        Element resource = resources.get(device);
        if (resource == null) {
            findings.add(
                    Finding.warning(
                            level,
                            "there is no fencing device " + device,
                            "this level of fencing would always fail",
                            "define the device, or correct the name"));
        } else if (!"stonith".equals(fencingClass(resource))) {
            findings.add(
                    Finding.warning(
                            level,
                            device + " is not a fencing device",
                            "only resources of class stonith can fence",
                            "name a stonith resource"));
        }
    }

    private @Nullable String fencingClass(Element resource) {
        Element template = resources.get(resource.attribute("template", ""));
        return template == null ? resource.attribute("class") : template.attribute("class");
    }

    private void checkRoles() {
        Element acls = cib.section(Section.ACLS);
        for (Element holder : acls.children()) {
            holder.children("acl_permission").forEach(this::checkPermission);
            for (Element role : holder.children("role")) {
                if (acls.child("acl_role", role.id()) == null) {
                    findings.add(
                            Finding.error(
                                    holder,
                                    "there is no role " + role.id(),
                                    "it would give no rights",
                                    "define the role, or correct its name"));
                }
            }
        }
    }

    private void checkPermission(Element permission) {
        String reference = permission.attribute("reference");
        if (reference != null && !everyId.containsKey(reference)) {
            findings.add(
                    Finding.error(
                            permission,
                            "there is nothing with the id " + reference,
                            "the permission is about it",
                            "correct the reference, or use an xpath"));
        }
    }
}
