package io.holdfast.api.message;

import io.holdfast.base.NodeId;
import java.util.List;
import java.util.SortedMap;

/** A piece of a node's timeline, oldest first. */
public record Events(List<Event> events) implements Answer {
    public Events {
        events = List.copyOf(events);
    }

    /**
     * One thing that happened.
     *
     * @param sequence grows by one from event to event of one {@code clusterd}
     * @param epochMillis wall clock of the node it happened on, for people
     * @param monotonicNanos {@link System#nanoTime} there, for differences between events of one
     *     node
     * @param kind a word a program can match on, such as {@code view-installed}
     * @param object what it happened to
     * @param text a sentence for people
     * @param details further values by name
     */
    public record Event(
            long sequence,
            long epochMillis,
            long monotonicNanos,
            NodeId node,
            String kind,
            String object,
            String text,
            SortedMap<String, String> details) {}
}
