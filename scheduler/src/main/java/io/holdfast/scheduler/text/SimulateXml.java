package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.graph.TransitionSummary;
import io.holdfast.scheduler.graph.TransitionSummary.NodeChange;
import io.holdfast.scheduler.graph.TransitionSummary.ResourceChange;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.simulate.Event;
import io.holdfast.scheduler.simulate.Injections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code crm_simulate --output-as=xml} prints; the form is Pacemaker's API schema 2.25. */
public final class SimulateXml {
    private static final Pattern SCORE =
            Pattern.compile("(\\S+): (\\S+) allocation score on (\\S+): (\\S+)");
    private static final Pattern PROMOTION =
            Pattern.compile("(\\S+) promotion score (?:on (\\S+)|\\(inactive\\)): (\\S+)");
    private static final Pattern UTILIZATION =
            Pattern.compile("(\\S+): (\\S+) utilization on (\\S+):(.*)");
    private static final Pattern CAPACITY = Pattern.compile("(\\S+): (\\S+) capacity:(.*)");

    private final SimulateText.Report report;
    private final SimulateText.Options options;

    private SimulateXml(SimulateText.Report report, SimulateText.Options options) {
        this.report = report;
        this.options = options;
    }

    /**
     * The whole output.
     *
     * @param request the command line
     */
    public static Element of(
            SimulateText.Report report,
            SimulateText.Options options,
            Injections injections,
            String request) {
        return new SimulateXml(report, options).result(injections, request);
    }

    private Element result(Injections injections, String request) {
        Element.Builder result = Element.builder("pacemaker-result");
        result.attribute("api-version", "2.25").attribute("request", request);
        if (!options.quiet()) {
            Cluster current = Scheduler.status(report.original(), report.now());
            result.child(StatusXml.of("cluster_status", current, options.details()));
            if (injections.changesTheCluster()) {
                result.child(modifications(injections));
            }
        }
        if (report.transition() != null) {
            if (options.plain()) {
                result.child(scores());
            }
            if (!options.quiet()) {
                result.child(actions(report.cluster()));
            }
        }
        if (report.played() != null && report.revised() != null && !options.quiet()) {
            result.child(events("transition", report.played().events()));
            result.child(
                    StatusXml.of("revised_cluster_status", report.revised(), options.details()));
        }
        boolean valid = report.valid();
        Element status =
                Element.of("status", "code", valid ? "0" : "1", "message", valid ? "OK" : "Error");
        return result.child(status).build();
    }

    private Element modifications(Injections injections) {
        Element.Builder xml = Element.builder("modifications");
        if (injections.quorum() != null) {
            xml.attribute("quorum", injections.quorum());
        }
        if (injections.watchdog() != null) {
            xml.attribute("watchdog", injections.watchdog());
        }
        each(xml, injections.nodesUp(), "modify_node", "Online", "node");
        each(xml, injections.nodesDown(), "modify_node", "Offline", "node");
        each(xml, injections.nodesFailed(), "modify_node", "Failing", "node");
        each(xml, injections.ticketsGranted(), "modify_ticket", "Granting", "ticket");
        each(xml, injections.ticketsRevoked(), "modify_ticket", "Revoking", "ticket");
        each(xml, injections.ticketsStandby(), "modify_ticket", "Standby", "ticket");
        each(xml, injections.ticketsActivated(), "modify_ticket", "Activating", "ticket");
        injections
                .operations()
                .forEach(spec -> xml.child(Element.of("inject_spec", "spec", spec.toString())));
        report.modifications().stream()
                .filter(event -> event instanceof Event.AttributeInjected)
                .forEach(event -> add(xml, event));
        return xml.build();
    }

    private static void each(
            Element.Builder xml, List<String> names, String element, String action, String kind) {
        names.forEach(name -> xml.child(Element.of(element, "action", action, kind, name)));
    }

    private Element scores() {
        boolean scores = options.scores();
        boolean utilization = options.details().utilization();
        Element.Builder xml =
                Element.builder(
                        scores && utilization
                                ? "allocations_utilizations"
                                : scores ? "allocations" : "utilizations");
        ScoresText.lines(report.cluster()).forEach(line -> addScore(xml, line));
        return xml.build();
    }

    private static void addScore(Element.Builder xml, String line) {
        Matcher score = SCORE.matcher(line);
        Matcher promotion = PROMOTION.matcher(line);
        Matcher utilization = UTILIZATION.matcher(line);
        Matcher capacity = CAPACITY.matcher(line);
        if (score.matches()) {
            xml.child(
                    Element.of(
                            "node_weight",
                            "function",
                            score.group(1),
                            "node",
                            score.group(3),
                            "score",
                            score.group(4),
                            "id",
                            score.group(2)));
        } else if (promotion.matches()) {
            xml.child(
                    Element.builder("promotion_score")
                            .attribute("id", promotion.group(1))
                            .attribute("score", promotion.group(3))
                            .optional("node", promotion.group(2))
                            .build());
        } else if (utilization.matches()) {
            xml.child(
                    Element.builder("utilization")
                            .attribute("resource", utilization.group(2))
                            .attribute("node", utilization.group(3))
                            .attribute("function", utilization.group(1))
                            .children(values(utilization.group(4)))
                            .build());
        } else if (capacity.matches()) {
            xml.child(
                    Element.builder("capacity")
                            .attribute("node", capacity.group(2))
                            .attribute("comment", capacity.group(1))
                            .children(values(capacity.group(3)))
                            .build());
        }
    }

    private static List<Element> values(String list) {
        return Pattern.compile("\\s+")
                .splitAsStream(list.strip())
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .map(pair -> Element.builder(pair[0]).text(pair[1]).build())
                .toList();
    }

    private static Element actions(Cluster cluster) {
        Element.Builder xml = Element.builder("actions");
        for (TransitionSummary.Change change : TransitionSummary.changes(cluster)) {
            xml.child(
                    switch (change) {
                        case NodeChange node ->
                                Element.of(
                                        "node_action",
                                        "task",
                                        node.task(),
                                        "node",
                                        node.node().name,
                                        "reason",
                                        node.reason());
                        case ResourceChange resource -> action(resource);
                    });
        }
        return xml.build();
    }

    private static Element action(ResourceChange change) {
        Element.Builder xml = Element.builder("rsc_action");
        xml.attribute("action", change.what().toLowerCase(Locale.ROOT));
        xml.attribute("resource", change.resource().id);
        String role = change.role().text();
        String next = change.nextRole().text();
        String from = name(change.origin());
        String to = name(change.destination());
        if (from == null || to == null) {
            if (change.withRole()) {
                xml.attribute("role", role);
                if (from == null) {
                    xml.attribute("next-role", next);
                }
            }
            xml.optional(
                    from == null && change.withRole() ? "dest" : "node", from == null ? to : from);
        } else {
            if (change.withRole() || !change.sameRole()) {
                xml.attribute("role", role);
            }
            if (!change.sameRole()) {
                xml.attribute("next-role", next);
            }
            xml.attribute("source", from);
            if (!change.sameHost()) {
                xml.attribute("dest", to);
            }
        }
        xml.optional("reason", change.reason());
        return xml.optional("blocked", change.blocked() ? "true" : null).build();
    }

    private static @Nullable String name(@Nullable Node node) {
        return node == null ? null : node.name;
    }

    private static Element events(String name, List<Event> events) {
        Element.Builder xml = Element.builder(name);
        events.forEach(event -> add(xml, event));
        return xml.build();
    }

    private static void add(Element.Builder xml, Event event) {
        switch (event) {
            case Event.PointReached point ->
                    xml.child(
                            Element.builder("pseudo_action")
                                    .attribute("task", point.key())
                                    .optional("node", point.node())
                                    .build());
            case Event.NodeFenced fenced ->
                    xml.child(
                            Element.builder("fencing_action")
                                    .attribute("target", fenced.node())
                                    .optional("op", fenced.how())
                                    .build());
            case Event.ClusterActed acted ->
                    xml.child(
                            Element.builder("cluster_action")
                                    .attribute("task", acted.task())
                                    .optional("node", acted.node())
                                    .optional("id", acted.resource())
                                    .build());
            case Event.OperationDone done ->
                    xml.child(
                            Element.builder("rsc_action")
                                    .attribute("resource", done.resource())
                                    .attribute("op", done.task())
                                    .attribute("node", done.node())
                                    .optional(
                                            "interval",
                                            done.intervalMillis() == 0
                                                    ? null
                                                    : Long.toString(done.intervalMillis()))
                                    .build());
            case Event.AttributeInjected injected ->
                    xml.child(
                            Element.of(
                                    "inject_attr",
                                    "name",
                                    injected.name(),
                                    "value",
                                    injected.value(),
                                    "node_path",
                                    "/node_state",
                                    "cib_node",
                                    injected.nodeId()));
            case Event.FailurePretended _, Event.Modified _ -> {}
        }
    }
}
