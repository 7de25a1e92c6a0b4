package io.holdfast.daemon.clusterd;

import io.holdfast.api.message.Events;
import io.holdfast.base.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's last events, stamped, for status commands and explanations; each is logged too. */
final class Timeline {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.timeline");
    private static final int KEPT = 10_000;

    private final NodeId self;
    private final Deque<Events.Event> events = new ArrayDeque<>();
    private long lastSequence;

    Timeline(NodeId self) {
        this.self = self;
    }

    synchronized void add(String kind, String object, String text) {
        LOG.info("{} {}: {}", kind, object, text);
        if (events.size() == KEPT) {
            events.removeFirst();
        }
        events.add(
                new Events.Event(
                        ++lastSequence,
                        System.currentTimeMillis(),
                        System.nanoTime(),
                        self,
                        kind,
                        object,
                        text,
                        new TreeMap<>()));
    }

    synchronized Events after(long sequence, int limit) {
        List<Events.Event> found =
                events.stream().filter(e -> e.sequence() > sequence).limit(limit).toList();
        return new Events(found);
    }
}
