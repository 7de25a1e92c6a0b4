package io.holdfast.daemon.clusterd;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.base.NodeId;
import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration's resources and where their histories say that they run, as the api tells it.
 * The newest operation of a resource on a node decides, as it does for the scheduler.
 */
final class ResourceViews {
    private static final int RUNNING = 0;
    private static final int NOT_RUNNING = 7;
    private static final int RUNNING_PROMOTED = 8;

    private final Cib cib;

    ResourceViews(Cib cib) {
        this.cib = cib;
    }

    List<ResourceStatus> all() {
        return cib.resources().children().stream()
                .map(this::view)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Where a primitive outside clones is active; null when it is nowhere. */
    @Nullable NodeId activeNode(String primitiveId) {
        return cib.resources().stream()
                .filter(e -> e.is("primitive") && e.id().equals(primitiveId))
                .flatMap(e -> primitive(e, false).active().stream())
                .map(ResourceStatus.Active::node)
                .findFirst()
                .orElse(null);
    }

    /** Operations whose last result was not what was expected. */
    List<ClusterStatus.FailedOperation> failed() {
        List<ClusterStatus.FailedOperation> failed = new ArrayList<>();
        for (Element node : cib.status().children("node_state")) {
            node.childOrEmpty("lrm").stream()
                    .filter(e -> e.is("lrm_rsc_op") && e.id().endsWith("_last_failure_0"))
                    .map(op -> failed(node.attribute("uname", ""), op))
                    .forEach(failed::add);
        }
        return failed;
    }

    private Optional<ResourceStatus> view(Element resource) {
        return switch (resource.name()) {
            case "primitive" -> Optional.of(primitive(resource, false));
            case "group" ->
                    Optional.of(
                            new ResourceStatus.Group(
                                    resource.id(),
                                    resource.children("primitive").stream()
                                            .<ResourceStatus>map(p -> primitive(p, false))
                                            .toList()));
            case "clone", "master" -> Optional.of(clone(resource));
            default -> Optional.empty();
        };
    }

    private ResourceStatus clone(Element clone) {
        Element inner =
                clone.children().stream()
                        .filter(c -> c.is("primitive") || c.is("group"))
                        .findFirst()
                        .orElse(Element.of("primitive", "id", clone.id()));
        boolean promotable =
                clone.is("master") || "true".equals(meta(clone, "promotable").orElse(""));
        ResourceStatus instances =
                inner.is("group")
                        ? new ResourceStatus.Group(
                                inner.id(),
                                inner.children("primitive").stream()
                                        .<ResourceStatus>map(p -> primitive(p, promotable))
                                        .toList())
                        : primitive(inner, promotable);
        return new ResourceStatus.Clone(
                clone.id(),
                inner.id(),
                promotable,
                "true".equals(meta(clone, "globally-unique").orElse("")),
                !"false".equals(meta(clone, "is-managed").orElse("")),
                List.of(instances));
    }

    private ResourceStatus.Primitive primitive(Element primitive, boolean promotable) {
        List<ResourceStatus.Active> active = new ArrayList<>();
        boolean failed = false;
        for (Element node : cib.status().children("node_state")) {
            Element history = history(node, primitive.id());
            if (history == null || !"member".equals(node.attribute("join"))) {
                continue;
            }
            NodeId name = new NodeId(node.attribute("uname", ""));
            role(history, promotable)
                    .ifPresent(role -> active.add(new ResourceStatus.Active(name, role)));
            failed |= newest(history).filter(ResourceViews::isFailure).isPresent();
        }
        return new ResourceStatus.Primitive(
                primitive.id(),
                agent(primitive),
                active,
                !"false".equals(meta(primitive, "is-managed").orElse("")),
                failed,
                false,
                "Stopped".equals(meta(primitive, "target-role").orElse("")),
                null);
    }

    private static @Nullable Element history(Element node, String id) {
        return node.childOrEmpty("lrm").childOrEmpty("lrm_resources").child("lrm_resource", id);
    }

    private static Optional<ResourceStatus.ActiveRole> role(Element history, boolean promotable) {
        return newest(history)
                .flatMap(
                        op -> {
                            int rc = (int) number(op, "rc-code");
                            boolean promoted =
                                    rc == RUNNING_PROMOTED
                                            || (rc == RUNNING
                                                    && op.attribute("operation", "")
                                                            .equals("promote"));
                            if (promoted) {
                                return Optional.of(ResourceStatus.ActiveRole.PROMOTED);
                            }
                            boolean stopped =
                                    rc == NOT_RUNNING
                                            || op.attribute("operation", "").equals("stop");
                            if (stopped) {
                                return Optional.empty();
                            }
                            return Optional.of(
                                    promotable
                                            ? ResourceStatus.ActiveRole.UNPROMOTED
                                            : ResourceStatus.ActiveRole.STARTED);
                        });
    }

    /**
     * The last operation by call id; a recurring monitor only tells of the state that was before
     * it.
     */
    private static Optional<Element> newest(Element history) {
        return history.children("lrm_rsc_op").stream()
                .filter(op -> !op.id().endsWith("_last_failure_0"))
                .filter(op -> number(op, "call-id") >= 0)
                .max(Comparator.comparingLong(op -> number(op, "call-id")));
    }

    private static boolean isFailure(Element op) {
        String[] key = op.attribute("transition-key", "").split(":", -1);
        return key.length == 4
                && !op.attribute("operation", "").equals("monitor")
                && !key[2].equals(op.attribute("rc-code", ""));
    }

    private static ClusterStatus.FailedOperation failed(String node, Element op) {
        int rc = (int) number(op, "rc-code");
        long seconds = number(op, "last-rc-change");
        long millis = number(op, "exec-time");
        String key = op.attribute("operation_key", "");
        String task = op.attribute("operation", "");
        int end = key.lastIndexOf("_" + task + "_");
        return new ClusterStatus.FailedOperation(
                end > 0 ? key.substring(0, end) : key,
                task,
                number(op, "interval"),
                new NodeId(node),
                rc,
                ReturnCodes.name(rc),
                ReturnCodes.status((int) number(op, "op-status")),
                op.attribute("exit-reason", ""),
                (int) number(op, "call-id"),
                seconds * 1000 + millis,
                millis);
    }

    private static String agent(Element primitive) {
        String provider = primitive.attribute("provider", "");
        return primitive.attribute("class", "")
                + (provider.isEmpty() ? "" : ":" + provider)
                + ":"
                + primitive.attribute("type", "");
    }

    private static Optional<String> meta(Element resource, String name) {
        return resource.children("meta_attributes").stream()
                .flatMap(set -> set.children("nvpair").stream())
                .filter(pair -> name.equals(pair.attribute("name")))
                .map(pair -> pair.attribute("value", ""))
                .findFirst();
    }

    private static long number(Element element, String attribute) {
        String text = element.attribute(attribute, "");
        return text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
