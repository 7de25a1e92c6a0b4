package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Parameters;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Location;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.placement.Locations;
import io.holdfast.scheduler.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Location constraints: a resource, a pattern, a set, a template or a tag, and nodes or rules. */
final class LocationConstraints {
    private LocationConstraints() {}

    static void unpack(Cluster cluster, Element constraint) {
        String id = constraint.attribute("rsc");
        List<Element> sets = Constraints.sets(cluster, constraint);
        if (sets.isEmpty() && Constraints.isTag(cluster, id) && id != null) {
            sets =
                    List.of(
                            Constraints.sideAsSet(
                                    cluster, id, "role", constraint.attribute("role")));
        }
        if (!sets.isEmpty()) {
            for (Element set : sets) {
                List<Resource> members = Constraints.members(cluster, set);
                if (members == null) {
                    return;
                }
                for (Resource member : members) {
                    one(constraint, member, set.attribute("role"), set.attribute("score"), null);
                }
            }
            return;
        }
        if (id != null) {
            Resource resource = Constraints.resource(cluster, id);
            if (resource != null) {
                one(constraint, resource, null, null, null);
            }
        }
        String pattern = constraint.attribute("rsc-pattern");
        if (pattern != null) {
            pattern(cluster, constraint, pattern);
        }
    }

    private static void pattern(Cluster cluster, Element constraint, String text) {
        boolean invert = text.startsWith("!");
        Pattern pattern;
        try {
            pattern = Pattern.compile(invert ? text.substring(1) : text);
        } catch (PatternSyntaxException _) {
            return;
        }
        for (Resource resource : cluster.resources) {
            Matcher matcher = pattern.matcher(resource.id);
            boolean found = matcher.find();
            if (found != invert) {
                one(constraint, resource, null, null, found ? matcher : null);
            }
        }
    }

    private static void one(
            Element constraint,
            Resource resource,
            @Nullable String setRole,
            @Nullable String setScore,
            @Nullable Matcher match) {
        Cluster cluster = resource.cluster;
        String nodeName = constraint.attribute("node");
        String score = setScore == null ? constraint.attribute("score") : setScore;
        NodeScore.Discovery discovery = discovery(constraint);
        if (nodeName != null && score != null) {
            Node node = cluster.node(nodeName);
            if (node == null) {
                return;
            }
            Role role = role(setRole == null ? constraint.attribute("role") : setRole);
            Location location =
                    Locations.add(
                            constraint.id(),
                            resource,
                            discovery,
                            List.of(new NodeScore(node, Score.parse(score))));
            location.role = role == null ? Role.UNKNOWN : role;
            return;
        }
        for (Element rule : constraint.children("rule")) {
            rule(rule, resource, discovery, match);
        }
    }

    /**
     * The role a constraint is limited to; started and unpromoted mean every role; null if invalid.
     */
    private static @Nullable Role role(@Nullable String text) {
        if (text == null) {
            return Role.UNKNOWN;
        }
        Role role = Role.parse(text);
        return switch (role) {
            case UNKNOWN -> null;
            case STARTED, UNPROMOTED -> Role.UNKNOWN;
            default -> role;
        };
    }

    private static NodeScore.Discovery discovery(Element constraint) {
        return switch (constraint.attribute("resource-discovery", "always")) {
            case "never" -> NodeScore.Discovery.NEVER;
            case "exclusive" -> NodeScore.Discovery.EXCLUSIVE;
            default -> NodeScore.Discovery.ALWAYS;
        };
    }

    private static void rule(
            Element reference,
            Resource resource,
            NodeScore.Discovery discovery,
            @Nullable Matcher match) {
        Cluster cluster = resource.cluster;
        Element rule = cluster.resolve(reference);
        Role role = rule == null ? null : role(rule.attribute("role"));
        if (rule == null || role == null || rule.id().isEmpty()) {
            return;
        }
        List<NodeScore> nodes = new ArrayList<>();
        for (Node node : cluster.nodes) {
            Rules.Input input =
                    new Rules.Input(
                            cluster,
                            node.attributes,
                            Parameters.of(resource, node),
                            resource.meta,
                            null,
                            null,
                            null,
                            null,
                            0,
                            match);
            if (Rules.holds(rule, input)) {
                nodes.addFirst(new NodeScore(node, score(rule, node, match)));
            }
        }
        Location location = Locations.add(rule.id(), resource, discovery, nodes);
        location.role = role;
    }

    private static int score(Element rule, Node node, @Nullable Matcher match) {
        String score = rule.attribute("score");
        if (score != null) {
            return Score.parse(score);
        }
        String attribute = rule.attribute("score-attribute");
        if (attribute == null) {
            return 0;
        }
        String value = node.attribute(Rules.submatches(attribute, match));
        return value == null ? -Score.INFINITY : Score.parse(value);
    }
}
