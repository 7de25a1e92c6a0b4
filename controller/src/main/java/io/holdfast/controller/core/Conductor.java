package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.cib.Cib;
import io.holdfast.cib.Section;
import io.holdfast.cib.status.CibStatus;
import io.holdfast.cib.status.NodeState;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.cib.xml.XmlWriter;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's work: keeps what is (the status), has the scheduler decide what to do about it,
 * and has that done, until nothing is left to do.
 *
 * <pre>
 * something changed -> status CIB -> Scheduler -> TransitionRun -> orders -> reports -> status ...
 * </pre>
 *
 * A change in the middle of a run aborts it unless it is the result the run waits for.
 */
final class Conductor {
    /** How the promotion score of a resource is called, as Pacemaker calls it. */
    private static final String PROMOTION_SCORE = "master-";

    private final NodeId self;
    private final Predicate<ResourceAgent> hearsNotifications;
    private final FailureCounts failures = new FailureCounts();
    private final NodeHistories histories = new NodeHistories();
    private Element published = Element.of("status");
    private @Nullable TransitionRun run;
    private boolean somethingChanged;
    private int lastRun;
    private long nowMillis;
    private Term term = Term.NONE;
    private final SortedMap<NodeId, Long> memberSinceSeconds = new TreeMap<>();

    Conductor(NodeId self, Predicate<ResourceAgent> hearsNotifications) {
        this.self = self;
        this.hearsNotifications = hearsNotifications;
    }

    /** The view is over: what its nodes run is asked anew in the next. */
    void disband() {
        run = null;
        histories.clear();
        failures.adopt(published);
        somethingChanged = false;
    }

    void now(long epochMillis) {
        nowMillis = epochMillis;
    }

    void recheck() {
        somethingChanged = true;
        TransitionRun current = run;
        if (current != null) {
            current.overdue(nowMillis).forEach(step -> current.fail(step.id()));
        }
    }

    void reported(NodeId node, NodeReport report) {
        histories.put(node, report);
        somethingChanged = true;
    }

    void configurationChanged() {
        changed();
    }

    /**
     * New attributes of a node. What a run brought about itself (a promotion changes its score) is
     * no reason to stop it; it is looked at when the run is over.
     */
    void attributesChanged(NodeAttributes attributes) {
        SortedSet<String> different = histories.putAttributes(attributes);
        if (different.isEmpty()) {
            return;
        }
        TransitionRun current = run;
        boolean expected =
                current != null
                        && different.stream()
                                .allMatch(
                                        name -> isScoreTouchedBy(current, attributes.node(), name));
        if (expected) {
            somethingChanged = true;
        } else {
            changed();
        }
    }

    private static boolean isScoreTouchedBy(TransitionRun current, NodeId node, String attribute) {
        return attribute.startsWith(PROMOTION_SCORE)
                && current.hasTouched(node, attribute.substring(PROMOTION_SCORE.length()));
    }

    /** Forgets failures and what is known of the resource, so that it is probed and tried again. */
    List<Effect> cleanUp(String resource) {
        List<Effect> effects = new ArrayList<>();
        for (NodeId node : histories.nodes()) {
            failures.forget(node, resource);
            for (OperationRecord known : histories.failed(node, resource)) {
                effects.add(orderOn(node, deletion(known)));
                histories.forget(node, known.resource());
            }
        }
        changed();
        return effects;
    }

    private static OperationOrder deletion(OperationRecord known) {
        return new OperationOrder(
                TransitionKey.unasked(known.callId(), 0),
                known.resource(),
                known.agent(),
                "delete",
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                null);
    }

    void operationEnded(OperationReport report, Cib configuration) {
        if (report.operation().status() == OperationStatus.CANCELLED) {
            cancelled(report.operation());
            return;
        }
        histories.record(report);
        if (!report.withoutLease()) {
            failures.count(
                    report.node(),
                    report.operation(),
                    !"false".equals(configuration.property("start-failure-is-fatal")),
                    nowMillis / 1000);
        }
        TransitionRun current = run;
        Step step = current == null ? null : current.underWay(report.operation().key());
        if (current != null && step != null) {
            if (report.operation().failed()) {
                current.fail(step.id());
                somethingChanged = true;
            } else {
                current.confirm(step.id());
            }
        } else if (report.operation().failed() || isUnaskedChange(report.operation())) {
            changed();
        }
    }

    /** The node did not do it, for no fault of the resource's: what is, is looked at again. */
    private void cancelled(OperationRecord operation) {
        TransitionRun current = run;
        Step step = current == null ? null : current.underWay(operation.key());
        if (current != null && step != null) {
            current.fail(step.id());
            somethingChanged = true;
        }
    }

    /** A node whose lease ended has stopped it; nobody's transition waits for that. */
    private static boolean isUnaskedChange(OperationRecord operation) {
        return operation.task().equals("stop") || operation.task().equals("demote");
    }

    /** Goes on as far as it can; the effects start what may start now. */
    List<Effect> conduct(ClusterState state, Term newTerm, SortedSet<NodeId> members) {
        List<Effect> effects = new ArrayList<>();
        term = newTerm;
        boolean finished = false;
        while (run != null || somethingChanged) {
            TransitionRun current = run == null ? decide(state, members, effects) : run;
            run = current;
            carryOn(current, members, effects);
            if (!current.isOver()) {
                return effects;
            }
            finish(current, effects);
            finished = true;
        }
        if (finished) {
            publish(state, members, effects);
        }
        return effects;
    }

    private TransitionRun decide(
            ClusterState state, SortedSet<NodeId> members, List<Effect> effects) {
        somethingChanged = false;
        Cib cib = publish(state, members, effects);
        String key = self.name() + "." + term.number();
        List<Step> steps =
                new StepsOfTransition(++lastRun, key, hearsNotifications)
                        .of(schedule(cib, effects));
        String story = story(steps);
        if (!story.isEmpty()) {
            effects.add(new Effect.Tell("transition", Integer.toString(lastRun), story));
            effects.add(new Effect.KeepInput(term, lastRun, cib));
        }
        return new TransitionRun(lastRun, key, steps);
    }

    /**
     * What is to be done; nothing when the scheduler breaks. Were this node to end because of a
     * configuration, the next coordinator would too, and so on until nobody is left.
     */
    private List<Transition.Step> schedule(Cib cib, List<Effect> effects) {
        try {
            return Scheduler.schedule(cib, Instant.ofEpochMilli(nowMillis)).actions();
        } catch (RuntimeException e) {
            effects.add(
                    new Effect.Warn(
                            new Problem(
                                    "the scheduler cannot work with this configuration",
                                    "configuration version " + cib.version(),
                                    "it failed: " + e,
                                    "what runs goes on as it is; change back what was changed last,"
                                            + " and report it as a bug of Holdfast")));
            return List.of();
        }
    }

    /** What a person would call the work of a transition: everything but looking. */
    private static String story(List<Step> steps) {
        return steps.stream()
                .filter(step -> step.kind() != Step.Kind.PSEUDO)
                .filter(step -> !step.task().equals("monitor") && !step.task().equals("notify"))
                .map(step -> step.task() + " " + step.target() + " on " + step.node())
                .collect(Collectors.joining(", "));
    }

    private void carryOn(TransitionRun current, SortedSet<NodeId> members, List<Effect> effects) {
        List<Step> started = current.start(nowMillis);
        while (!started.isEmpty()) {
            boolean confirmedAny = false;
            for (Step step : started) {
                confirmedAny |= carryOut(current, step, members, effects);
            }
            started = confirmedAny ? current.start(nowMillis) : List.of();
        }
    }

    /** Returns whether the step is confirmed already. */
    private boolean carryOut(
            TransitionRun current, Step step, SortedSet<NodeId> members, List<Effect> effects) {
        switch (step.kind()) {
            case PSEUDO -> current.confirm(step.id());
            case FENCE -> {
                return fence(current, step, members, effects);
            }
            case CLUSTER -> {
                keepBooks(step);
                current.confirm(step.id());
            }
            case OPERATION -> {
                order(step, effects);
                return false;
            }
        }
        return true;
    }

    /** A node outside the term has no lease any more (ADR 0002); a member would need a device. */
    private static boolean fence(
            TransitionRun current, Step step, SortedSet<NodeId> members, List<Effect> effects) {
        if (members.stream().noneMatch(m -> m.name().equals(step.target()))) {
            effects.add(new Effect.Tell("fenced", step.target(), "its lease is over"));
            current.confirm(step.id());
            return true;
        }
        effects.add(new Effect.Warn(noFenceDevice(step.target())));
        current.fail(step.id());
        return false;
    }

    private static Problem noFenceDevice(String node) {
        return new Problem(
                "the node must be fenced, and nothing here can do it",
                node,
                "a resource failed to stop there while the node holds its lease; starting the"
                        + " resource elsewhere could damage its data",
                "stop clusterd on " + node + ", or put the resource right and clean it up");
    }

    private void keepBooks(Step step) {
        NodeId node = step.node();
        if (node != null && step.task().equals("clear_failcount")) {
            failures.forget(node, step.target());
        }
    }

    private void order(Step step, List<Effect> effects) {
        OperationOrder order = step.order();
        NodeId node = step.node();
        if (order == null || node == null) {
            return;
        }
        if (order.task().equals("delete")) {
            histories.forget(node, order.resource());
        }
        effects.add(orderOn(node, order));
    }

    private Effect orderOn(NodeId node, OperationOrder order) {
        return node.equals(self)
                ? new Effect.Perform(order)
                : new Effect.Send(node, new ControllerMessage.OperationOrdered(term, order));
    }

    private void finish(TransitionRun finished, List<Effect> effects) {
        if (finished.stuck() > 0) {
            effects.add(
                    new Effect.Tell(
                            "transition",
                            Integer.toString(finished.number()),
                            finished.stuck() + " actions could not start"));
        }
        run = null;
    }

    private void changed() {
        somethingChanged = true;
        if (run != null) {
            run.abort();
        }
    }

    // --- status
    // --------------------------------------------------------------------------------------

    private Cib publish(ClusterState state, SortedSet<NodeId> members, List<Effect> effects) {
        Cib cib = currentCib(state, members);
        published = cib.status();
        effects.add(new Effect.ShowCib(cib));
        effects.add(
                new Effect.Broadcast(
                        new ControllerMessage.StatusPublished(term, XmlWriter.compact(published))));
        return cib;
    }

    private Cib currentCib(ClusterState state, SortedSet<NodeId> members) {
        Cib cib =
                state.cib()
                        .withAttribute("have-quorum", "1")
                        .withAttribute("dc-uuid", self.name())
                        .withSection(Section.STATUS, Element.of("status"));
        memberSinceSeconds.keySet().retainAll(members);
        members.forEach(m -> memberSinceSeconds.putIfAbsent(m, nowMillis / 1000));
        SortedSet<NodeId> known = new TreeSet<>(members);
        for (Element node : cib.nodes().children("node")) {
            known.add(new NodeId(node.attribute("uname", node.id())));
        }
        for (NodeId node : known) {
            // Who is not in the term has no lease: it is down for certain, not unclean.
            cib =
                    CibStatus.withNodeState(
                            cib,
                            members.contains(node)
                                    ? NodeState.member(
                                            node.name(), memberSinceSeconds.getOrDefault(node, 0L))
                                    : NodeState.down(node.name()));
        }
        return failures.in(histories.in(cib));
    }

    void adoptPublished(String statusXml) {
        published = XmlReader.string(statusXml, "published status");
    }

    Cib publishedCib(Cib configuration) {
        return configuration.withSection(Section.STATUS, published);
    }
}
