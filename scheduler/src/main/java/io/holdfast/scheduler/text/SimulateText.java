package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.Transition;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.Injector;
import io.holdfast.scheduler.simulate.Simulation;
import java.time.Instant;
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
     * @param simulate whether the transition is played through
     */
    public record Options(@Nullable String date, boolean simulate) {}

    private SimulateText() {}

    /** The whole output. */
    public static String of(Element cib, Instant now, Options options) {
        return of(cib, now, options, Injections.NONE);
    }

    /** The whole output, with events made up before and during the transition. */
    public static String of(Element original, Instant now, Options options, Injections injections) {
        Element cib = original;
        List<String> lines = new ArrayList<>();
        if ("none".equals(cib.attribute("validate-with"))) {
            lines.add(
                    "Schema validation of configuration is disabled (support for validate-with set"
                            + " to \"none\" is deprecated and will be removed in a future release)");
        }
        String date = date(cib, options);
        if (date != null) {
            lines.add(date);
        }
        Cluster current = Scheduler.status(cib, now);
        notices(current, lines);
        lines.addAll(StatusText.of(current, "Current cluster status"));
        if (injections.changesTheCluster()) {
            Injector.Result injected = Injector.apply(current, injections, now.getEpochSecond());
            lines.add("");
            lines.add("Performing Requested Modifications:");
            injected.lines().forEach(line -> lines.add("  * " + line));
            cib = injected.cib();
        }
        Cluster cluster = new Cluster(cib, now.getEpochSecond());
        cluster.sanitized = true;
        Transition transition = Scheduler.schedule(cluster);
        lines.add("");
        lines.add("Transition Summary:");
        for (String line : transition.summary()) {
            lines.add("  * " + line);
        }
        if (options.simulate()) {
            simulate(cluster, transition, injections, date, lines);
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static void simulate(
            Cluster cluster,
            Transition transition,
            Injections injections,
            @Nullable String date,
            List<String> lines) {
        Simulation.Result result =
                Simulation.run(
                        cluster.cib,
                        transition,
                        name -> cluster.resource(name) != null,
                        cluster.now,
                        injections.failures());
        lines.add("");
        lines.add("Executing Cluster Transition:");
        result.events().forEach(event -> lines.add(bullet(event) + event));
        if (!result.complete()) {
            lines.add("Transition failed: terminated");
            lines.add("An invalid transition was produced");
        }
        if (date != null) {
            lines.add(date);
        }
        lines.add("");
        Cluster revised = Scheduler.status(result.cib(), Instant.ofEpochSecond(cluster.now));
        revised.resources.forEach(SimulateText::forgetPending);
        lines.addAll(StatusText.of(revised, "Revised Cluster Status"));
    }

    private static String bullet(String event) {
        return event.startsWith("Pretending") ? "" : "  * ";
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
