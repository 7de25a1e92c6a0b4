package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.ordering.Orderings;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Order constraints, between two resources or in sets. */
final class OrderConstraints {
    private enum Kind {
        OPTIONAL,
        MANDATORY,
        SERIALIZE
    }

    private enum Symmetry {
        ASYMMETRIC,
        SYMMETRIC,
        /** The way down of a symmetric ordering. */
        INVERSE
    }

    private OrderConstraints() {}

    static void unpack(Cluster cluster, Element constraint) {
        Kind kind = kind(constraint);
        Symmetry symmetry = symmetry(constraint, kind, null);
        List<Element> sets = Constraints.sets(cluster, constraint);
        if (sets.isEmpty()) {
            String first = constraint.attribute("first");
            String then = constraint.attribute("then");
            if (first == null || then == null) {
                return;
            }
            boolean tags = Constraints.isTag(cluster, first) || Constraints.isTag(cluster, then);
            if (!tags) {
                simple(cluster, constraint, first, then, kind, symmetry);
                return;
            }
            if (unknown(cluster, first) || unknown(cluster, then)) {
                return;
            }
            sets =
                    List.of(
                            Constraints.sideAsSet(
                                    cluster, first, "action", constraint.attribute("first-action")),
                            Constraints.sideAsSet(
                                    cluster, then, "action", constraint.attribute("then-action")));
        }
        Element last = null;
        for (Element set : sets) {
            if (!within(cluster, set, kind, constraint.attribute("symmetrical"))) {
                return;
            }
            if (last != null) {
                between(cluster, last, set, kind, symmetry);
                if (symmetry == Symmetry.SYMMETRIC) {
                    between(cluster, set, last, kind, Symmetry.INVERSE);
                }
            }
            last = set;
        }
    }

    private static boolean unknown(Cluster cluster, String id) {
        return Constraints.resource(cluster, id) == null && !Constraints.isTag(cluster, id);
    }

    private static Kind kind(Element element) {
        String kind = element.attribute("kind");
        if (kind == null) {
            return element.has("score") && Score.parse(element.attribute("score")) == 0
                    ? Kind.OPTIONAL
                    : Kind.MANDATORY;
        }
        return switch (kind.toLowerCase(Locale.ROOT)) {
            case "optional" -> Kind.OPTIONAL;
            case "serialize" -> Kind.SERIALIZE;
            default -> Kind.MANDATORY;
        };
    }

    private static Symmetry symmetry(Element element, Kind outer, @Nullable String outerValue) {
        Kind kind = element.has("kind") || element.has("score") ? kind(element) : outer;
        Boolean symmetric = Values.bool(element.attribute("symmetrical"));
        if (symmetric == null && outerValue != null) {
            symmetric = Values.isTrue(outerValue);
        }
        if (kind == Kind.SERIALIZE || Boolean.FALSE.equals(symmetric)) {
            return Symmetry.ASYMMETRIC;
        }
        return Symmetry.SYMMETRIC;
    }

    private static int relation(Kind kind, String firstTask, Symmetry symmetry) {
        return switch (kind) {
            case OPTIONAL -> Relation.ORDERED;
            case SERIALIZE -> Relation.SERIALIZE;
            case MANDATORY ->
                    Relation.ORDERED
                            | switch (symmetry) {
                                case ASYMMETRIC -> Relation.ASYMMETRIC;
                                case SYMMETRIC ->
                                        Relation.FIRST_IMPLIES_THEN
                                                | (firstTask.equals(Tasks.START)
                                                                || firstTask.equals(Tasks.PROMOTE)
                                                        ? Relation.UNRUNNABLE_FIRST_BLOCKS
                                                        : 0);
                                case INVERSE -> Relation.THEN_IMPLIES_FIRST;
                            };
        };
    }

    private static @Nullable String invert(String task) {
        return switch (task) {
            case Tasks.START -> Tasks.STOP;
            case Tasks.STOP -> Tasks.START;
            case Tasks.PROMOTE -> Tasks.DEMOTE;
            case Tasks.DEMOTE -> Tasks.PROMOTE;
            case Tasks.PROMOTED -> Tasks.DEMOTED;
            case Tasks.DEMOTED -> Tasks.PROMOTED;
            case Tasks.RUNNING -> Tasks.STOPPED;
            case Tasks.STOPPED -> Tasks.RUNNING;
            default -> null;
        };
    }

    private static void simple(
            Cluster cluster,
            Element constraint,
            String firstId,
            String thenId,
            Kind kind,
            Symmetry symmetry) {
        Resource first =
                Constraints.instance(
                        cluster,
                        Constraints.resource(cluster, firstId),
                        constraint.attribute("first-instance"));
        Resource then =
                Constraints.instance(
                        cluster,
                        Constraints.resource(cluster, thenId),
                        constraint.attribute("then-instance"));
        if (first == null || then == null) {
            return;
        }
        String firstTask = constraint.attribute("first-action", Tasks.START);
        String thenTask = constraint.attribute("then-action", firstTask);
        int relation = relation(kind, firstTask, symmetry);
        int minimum = minimumInstances(first, constraint);
        if (minimum > 0) {
            afterMinimum(
                    cluster, constraint.id(), first, firstTask, then, thenTask, relation, minimum);
        } else {
            Orderings.tasks(first, firstTask, then, thenTask, relation);
        }
        String down = invert(thenTask);
        String lastDown = invert(firstTask);
        if (symmetry == Symmetry.SYMMETRIC && down != null && lastDown != null) {
            Orderings.tasks(
                    then, down, first, lastDown, relation(kind, lastDown, Symmetry.INVERSE));
        }
    }

    /** How many instances of a clone are enough for what comes after; 0 for all. */
    private static int minimumInstances(Resource first, Element constraint) {
        if (!(first instanceof Clone)) {
            return 0;
        }
        String minimum = first.meta.get("clone-min");
        if (minimum != null) {
            return Math.max(0, Values.integer(minimum, 0));
        }
        return Boolean.FALSE.equals(Values.bool(constraint.attribute("require-all"))) ? 1 : 0;
    }

    private static void afterMinimum(
            Cluster cluster,
            String id,
            Resource first,
            String firstTask,
            Resource then,
            String thenTask,
            int relation,
            int minimum) {
        Action enough = Actions.pseudo(cluster, "clone-one-or-more:" + id);
        enough.requiredRunnableBefore = minimum;
        enough.set(Action.MIN_RUNNABLE);
        for (Resource instance : first.children) {
            Orderings.taskThenAction(
                    instance,
                    firstTask,
                    enough,
                    Relation.MIN_RUNNABLE | Relation.FIRST_IMPLIES_THEN_GRAPHED);
        }
        Orderings.actionThenTask(
                enough, then, thenTask, relation | Relation.UNRUNNABLE_FIRST_BLOCKS);
    }

    /** Orders the members of one set; false when the set is not valid. */
    private static boolean within(
            Cluster cluster, Element set, Kind outer, @Nullable String outerSymmetry) {
        String task = set.attribute("action", Tasks.START);
        Kind kind = set.has("kind") ? kind(set) : outer;
        boolean sequential = Constraints.trueByDefault(set, "sequential");
        Symmetry symmetry = symmetry(set, outer, outerSymmetry);
        List<Resource> members = Constraints.members(cluster, set);
        if (members == null) {
            return false;
        }
        if (members.size() == 1) {
            return true;
        }
        int relation = relation(kind, task, symmetry);
        for (int i = 0; i < members.size(); i++) {
            if (kind == Kind.SERIALIZE) {
                for (int j = i + 1; j < members.size(); j++) {
                    Orderings.tasks(members.get(i), task, members.get(j), task, relation);
                }
            } else if (sequential && i > 0) {
                Orderings.tasks(members.get(i - 1), task, members.get(i), task, relation);
            }
        }
        String inverse = invert(task);
        if (symmetry != Symmetry.ASYMMETRIC && sequential && inverse != null) {
            int down = relation(kind, inverse, Symmetry.INVERSE);
            for (int i = 1; i < members.size(); i++) {
                Orderings.tasks(members.get(i), inverse, members.get(i - 1), inverse, down);
            }
        }
        return true;
    }

    private static void between(
            Cluster cluster, Element set1, Element set2, Kind kind, Symmetry symmetry) {
        String task1 = set1.attribute("action", Tasks.START);
        String task2 = set2.attribute("action", Tasks.START);
        if (symmetry == Symmetry.INVERSE) {
            task1 = invert(task1);
            task2 = invert(task2);
        }
        List<Resource> members1 = Constraints.members(cluster, set1);
        List<Resource> members2 = Constraints.members(cluster, set2);
        if (members1 == null || members2 == null || task1 == null || task2 == null) {
            return;
        }
        // on the way down nothing may go before all that needs it has gone
        boolean requireAll =
                Constraints.trueByDefault(set1, "require-all")
                        || task1.equals(Tasks.STOP)
                        || task1.equals(Tasks.DEMOTE);
        int relation = relation(kind, task1, symmetry);
        if (!requireAll) {
            Action any = Actions.pseudo(cluster, "one-or-more:" + set1.id());
            any.set(Action.MIN_RUNNABLE);
            for (Resource member : members1) {
                Orderings.taskThenAction(
                        member,
                        task1,
                        any,
                        Relation.MIN_RUNNABLE | Relation.FIRST_IMPLIES_THEN_GRAPHED);
            }
            for (Resource member : members2) {
                Orderings.actionThenTask(
                        any, member, task2, relation | Relation.UNRUNNABLE_FIRST_BLOCKS);
            }
            return;
        }
        boolean inverse = symmetry == Symmetry.INVERSE;
        List<Resource> from = members1;
        if (Constraints.explicitlyTrue(set1, "sequential") && !members1.isEmpty()) {
            from = List.of(inverse ? members1.getFirst() : members1.getLast());
        }
        List<Resource> to = members2;
        if (Constraints.explicitlyTrue(set2, "sequential") && !members2.isEmpty()) {
            to = List.of(inverse ? members2.getLast() : members2.getFirst());
        }
        for (Resource one : from) {
            for (Resource other : to) {
                Orderings.tasks(one, task1, other, task2, relation);
            }
        }
    }
}
