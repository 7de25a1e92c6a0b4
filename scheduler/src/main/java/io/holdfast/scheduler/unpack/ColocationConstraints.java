package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Colocations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Colocation constraints, between two resources or in sets. */
final class ColocationConstraints {
    private ColocationConstraints() {}

    static void unpack(Cluster cluster, Element constraint) {
        int score = Score.parse(constraint.attribute("score"));
        String influence = constraint.attribute("influence");
        List<Element> sets = Constraints.sets(cluster, constraint);
        if (sets.isEmpty()) {
            String dependent = constraint.attribute("rsc");
            String primary = constraint.attribute("with-rsc");
            if (dependent == null || primary == null) {
                return;
            }
            boolean dependentTag = Constraints.isTag(cluster, dependent);
            boolean primaryTag = Constraints.isTag(cluster, primary);
            if (dependentTag && primaryTag) {
                return; // two tags together make no sense
            }
            if (!dependentTag && !primaryTag) {
                simple(cluster, constraint, dependent, primary, score, influence);
                return;
            }
            sets =
                    List.of(
                            Constraints.sideAsSet(
                                    cluster, dependent, "role", constraint.attribute("rsc-role")),
                            Constraints.sideAsSet(
                                    cluster,
                                    primary,
                                    "role",
                                    constraint.attribute("with-rsc-role")));
        }
        Element last = null;
        for (Element set : sets) {
            if (set.id().isEmpty()) {
                continue;
            }
            within(cluster, set, score, influence);
            if (last != null) {
                between(cluster, constraint.id(), last, set, score, influence);
            }
            last = set;
        }
    }

    private static boolean influence(Resource resource, @Nullable String value) {
        Boolean explicit = Values.bool(value);
        return explicit != null ? explicit : resource.critical;
    }

    private static void simple(
            Cluster cluster,
            Element constraint,
            String dependentId,
            String primaryId,
            int score,
            @Nullable String influence) {
        Resource dependent =
                Constraints.instance(
                        cluster,
                        Constraints.resource(cluster, dependentId),
                        constraint.attribute("rsc-instance"));
        Resource primary =
                Constraints.instance(
                        cluster,
                        Constraints.resource(cluster, primaryId),
                        constraint.attribute("with-rsc-instance"));
        if (dependent == null || primary == null) {
            return;
        }
        Colocations.add(
                constraint.id(),
                constraint.attribute("node-attribute"),
                score,
                dependent,
                primary,
                Role.parse(constraint.attribute("rsc-role")),
                Role.parse(constraint.attribute("with-rsc-role")),
                influence(dependent, influence),
                true);
    }

    private static void within(
            Cluster cluster, Element set, int outerScore, @Nullable String influence) {
        int score = set.has("score") ? Score.parse(set.attribute("score")) : outerScore;
        List<Resource> members = Constraints.members(cluster, set);
        if (score == 0 || members == null || !Constraints.trueByDefault(set, "sequential")) {
            return;
        }
        Role role = Role.parse(set.attribute("role"));
        boolean withPrevious = "group".equalsIgnoreCase(set.attribute("ordering", "group"));
        for (int i = 1; i < members.size(); i++) {
            Resource member = members.get(i);
            if (score > 0) {
                Resource previous = members.get(i - 1);
                Resource dependent = withPrevious ? member : previous;
                Resource primary = withPrevious ? previous : member;
                boolean weighs = influence(member, influence);
                Colocations.add(
                        set.id(), null, score, dependent, primary, role, role, weighs, true);
            } else {
                // no two of the set together, so each against all before it
                for (Resource other : members.subList(0, i)) {
                    if (other == member) {
                        break;
                    }
                    boolean weighs = influence(member, influence);
                    Colocations.add(set.id(), null, score, member, other, role, role, weighs, true);
                }
            }
        }
    }

    private static void between(
            Cluster cluster,
            String id,
            Element set1,
            Element set2,
            int score,
            @Nullable String influence) {
        List<Resource> members1 = Constraints.members(cluster, set1);
        List<Resource> members2 = Constraints.members(cluster, set2);
        if (score == 0
                || members1 == null
                || members2 == null
                || members1.isEmpty()
                || members2.isEmpty()) {
            return;
        }
        Role role1 = Role.parse(set1.attribute("role"));
        Role role2 = Role.parse(set2.attribute("role"));
        List<Resource> dependents =
                Constraints.trueByDefault(set1, "sequential")
                        ? List.of(members1.getFirst())
                        : members1;
        List<Resource> primaries =
                Constraints.trueByDefault(set2, "sequential")
                        ? List.of(members2.getLast())
                        : members2;
        for (Resource dependent : dependents) {
            for (Resource primary : primaries) {
                Colocations.add(
                        id,
                        null,
                        score,
                        dependent,
                        primary,
                        role1,
                        role2,
                        influence(dependent, influence),
                        true);
            }
        }
    }
}
