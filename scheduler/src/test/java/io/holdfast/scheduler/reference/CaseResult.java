package io.holdfast.scheduler.reference;

import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.Transition;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.text.GraphXml;
import io.holdfast.scheduler.text.ScoresText;
import io.holdfast.scheduler.text.SimulateText;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A case and the sections of it that are not equal to the reference.
 *
 * @param family the first word of its name
 */
record CaseResult(String name, String family, Set<Section> different) {

    static CaseResult of(ReferenceCases cases, String name) {
        Element cib = XmlReader.string(cases.cib(name));
        Instant clock = ReferenceCases.clock(name, cib);
        Set<Section> different = EnumSet.noneOf(Section.class);

        Cluster cluster = new Cluster(cib, clock.getEpochSecond());
        cluster.collectScores = true;
        cluster.sanitized = true;
        Transition transition = Scheduler.schedule(cluster);
        ComparableGraph expected = ComparableGraph.of(XmlReader.string(cases.graph(name)));
        if (!expected.equals(ComparableGraph.of(GraphXml.of(transition)))) {
            different.add(Section.GRAPH);
        }
        if (!cases.scores(name).equals(ScoresText.lines(cluster))) {
            different.add(Section.SCORES);
        }

        SimulateText.Options options = new SimulateText.Options(ReferenceCases.date(name), true);
        List<String> printed = lines(SimulateText.of(cib, clock, options));
        List<String> summary = lines(cases.summary(name));
        if (!printed.equals(summary)) {
            different.add(Section.SUMMARY);
        }
        for (Section section : List.of(Section.TRANSITION, Section.REVISED)) {
            if (!part(printed, section).equals(part(summary, section))) {
                different.add(section);
            }
        }
        return new CaseResult(name, name.split("[-_0-9]", 2)[0], different);
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).toList();
    }

    private static List<String> part(List<String> lines, Section section) {
        int start = lines.indexOf(section.title() + ":") + 1;
        int end = start;
        while (end < lines.size() && lines.get(end).startsWith(" ")) {
            end++;
        }
        return lines.subList(start, end);
    }
}
