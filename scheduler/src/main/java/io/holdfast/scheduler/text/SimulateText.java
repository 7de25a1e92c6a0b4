package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.Transition;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.simulate.Event;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.Injector;
import io.holdfast.scheduler.simulate.Simulation;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code crm_simulate} prints of a CIB: the state, what would be done, and the state then. */
public final class SimulateText {
    /**
     * What is to be shown.
     *
     * @param date a date to pretend, as it was given; null for the CIB's own or that of now
     * @param decide whether something is decided; otherwise only the state is shown
     * @param simulate whether the transition is played through
     * @param scores whether scores are shown, and all as plain lines
     * @param quiet whether nothing but the scores is shown
     * @param details what else is shown
     */
    public record Options(
            @Nullable String date,
            boolean decide,
            boolean simulate,
            boolean scores,
            boolean quiet,
            Details details) {
        public Options(@Nullable String date, boolean simulate) {
            this(date, true, simulate, false, false, Details.NONE);
        }

        /** Scores and capacities are shown among plain lines. */
        boolean plain() {
            return scores || details.utilization();
        }
    }

    /**
     * What is shown on request.
     *
     * @param attributes the attributes of nodes
     * @param failCounts how often what failed, and how
     * @param utilization what nodes can carry and resources take
     * @param zone in which times are told
     */
    public record Details(
            boolean attributes, boolean failCounts, boolean utilization, ZoneId zone) {
        public static final Details NONE = new Details(false, false, false, ZoneOffset.UTC);
    }

    /**
     * The text, and what it tells of.
     *
     * @param original the CIB as it was given
     * @param now the time of the decision
     * @param modifications what was pretended
     * @param input the CIB with that
     * @param cluster the calculation
     * @param transition the decision; null when none was asked for
     * @param played the simulation; null when none was asked for
     * @param revised the state after it; null without one
     */
    public record Report(
            String text,
            Element original,
            Instant now,
            List<Event> modifications,
            Element input,
            Cluster cluster,
            @Nullable Transition transition,
            Simulation.@Nullable Result played,
            @Nullable Cluster revised) {
        /** The CIB after the simulation; the input without one. */
        public Element output() {
            return played == null ? input : played.cib();
        }

        /** Whether the transition could be played through. */
        public boolean valid() {
            return played == null || played.complete();
        }
    }

    private final Instant now;
    private final Options options;
    private final Injections injections;
    private final @Nullable String date;
    private final List<String> lines = new ArrayList<>();

    private SimulateText(Element cib, Instant now, Options options, Injections injections) {
        this.now = now;
        this.options = options;
        this.injections = injections;
        this.date = date(cib, options);
    }

    /** The whole output. */
    public static String of(Element cib, Instant now, Options options) {
        return of(cib, now, options, Injections.NONE);
    }

    /** The whole output, with events made up before and during the transition. */
    public static String of(Element cib, Instant now, Options options, Injections injections) {
        return run(cib, now, options, injections).text();
    }

    /** The whole output, and what it was made from. */
    public static Report run(Element cib, Instant now, Options options, Injections injections) {
        return new SimulateText(cib, now, options, injections).run(cib);
    }

    private Report run(Element cib) {
        if ("none".equals(cib.attribute("validate-with"))) {
            lines.add(
                    "Schema validation of configuration is disabled (support for validate-with set"
                            + " to \"none\" is deprecated and will be removed in a future release)");
        }
        if (date != null && !options.quiet()) {
            lines.add(date);
        }
        Cluster current = Scheduler.status(cib, now);
        if (!options.quiet()) {
            List<String> state = new ArrayList<>();
            notices(current, state);
            state.addAll(status(current, "Current cluster status"));
            add(state);
        }
        boolean changed = injections.changesTheCluster();
        Injector.Result injected = changed ? inject(current) : new Injector.Result(cib, List.of());
        Element input = injected.cib();
        List<Event> modifications = injected.events();
        if (!options.decide()) {
            return new Report(text(), cib, now, modifications, input, current, null, null, null);
        }
        Cluster cluster = changed ? Scheduler.status(input, now) : current;
        cluster.sanitized = true;
        cluster.collectScores = options.scores();
        cluster.showUtilization = options.details().utilization();
        Transition transition = Scheduler.continueFromStatus(cluster);
        if (options.plain()) {
            lines.add("");
            lines.addAll(ScoresText.lines(cluster));
        }
        if (!options.quiet()) {
            List<String> summary = new ArrayList<>(List.of("Transition Summary:"));
            transition.summary().forEach(line -> summary.add("  * " + line));
            lines.add("");
            add(summary);
        }
        Simulation.Result played = options.simulate() ? play(input, cluster, transition) : null;
        Cluster revised = played == null ? null : revised(played);
        return new Report(
                text(), cib, now, modifications, input, cluster, transition, played, revised);
    }

    private Injector.Result inject(Cluster current) {
        Injector.Result injected = Injector.apply(current, injections, now.getEpochSecond());
        if (!options.quiet()) {
            List<String> events = new ArrayList<>(List.of("Performing Requested Modifications:"));
            injected.events().forEach(event -> events.add("  * " + event.line()));
            lines.add("");
            add(events);
            if (date != null) {
                lines.add(date);
            }
        }
        return injected;
    }

    private void add(List<String> fancy) {
        lines.addAll(options.plain() ? PlainText.of(fancy) : fancy);
    }

    private List<String> status(Cluster cluster, String title) {
        List<String> text = new ArrayList<>(StatusText.of(cluster, title));
        Details details = options.details();
        if (details.attributes()) {
            text.addAll(DetailsText.attributes(cluster));
        }
        if (details.failCounts()) {
            text.addAll(DetailsText.failCounts(cluster, details.zone()));
            text.addAll(DetailsText.failedOperations(cluster, details.zone()));
        }
        return text;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private Simulation.Result play(Element input, Cluster cluster, Transition transition) {
        Simulation.Result result =
                Simulation.run(
                        input,
                        transition,
                        name -> cluster.resource(name) != null,
                        now.getEpochSecond(),
                        injections.failures());
        if (!options.quiet()) {
            List<String> played = new ArrayList<>(List.of("", "Executing Cluster Transition:"));
            for (Event event : result.events()) {
                boolean isNote = event instanceof Event.FailurePretended;
                played.add((isNote ? "" : "  * ") + event.line());
            }
            if (!result.complete()) {
                played.add("Transition failed: terminated");
                played.add("An invalid transition was produced");
            }
            add(played);
        }
        return result;
    }

    private Cluster revised(Simulation.Result played) {
        Cluster revised = Scheduler.status(played.cib(), now);
        revised.resources.forEach(SimulateText::forgetPending);
        if (!options.quiet()) {
            if (date != null) {
                lines.add(date);
            }
            lines.add("");
            add(status(revised, "Revised Cluster Status"));
        }
        return revised;
    }

    /** What was under way before is done in the simulation. */
    private static void forgetPending(Resource resource) {
        resource.pendingAction = null;
        resource.pendingNode = null;
        resource.children.forEach(SimulateText::forgetPending);
    }

    private static @Nullable String date(Element cib, Options options) {
        if (options.date() != null) {
            return "Setting effective cluster time: " + options.date();
        }
        String original = cib.attribute("execution-date");
        if (original == null) {
            return null;
        }
        return "Using the original execution date of: "
                + DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.ofEpochSecond(Long.parseLong(original)));
    }

    private static void notices(Cluster cluster, List<String> lines) {
        if (cluster.inMaintenance) {
            lines.add("");
            lines.add("              *** Resource management is DISABLED ***");
            lines.add("  The cluster will not attempt to start, stop or recover services");
            lines.add("");
        }
        int[] counts = new int[3];
        cluster.resources.forEach(resource -> count(resource, counts));
        if (counts[1] > 0 || counts[2] > 0) {
            lines.add(
                    counts[1]
                            + " of "
                            + counts[0]
                            + " resource instances DISABLED and "
                            + counts[2]
                            + " BLOCKED from further action due to failure");
            lines.add("");
        }
    }

    private static void count(Resource resource, int[] counts) {
        if (!(resource instanceof Primitive)) {
            resource.children.forEach(child -> count(child, counts));
        } else if (!resource.removed || resource.role.above(Role.STOPPED)) {
            counts[0]++;
            counts[1] += StatusText.isDisabled(resource) ? 1 : 0;
            counts[2] += resource.blocked ? 1 : 0;
        }
    }
}
