package io.holdfast.daemon.offline;

import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.simulate.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done in a transition, numbered from 1: fencing, and operations that change where or as
 * what something works. Points of order and what only looks are left out.
 */
final class Deeds {
    private static final List<String> CHANGING =
            List.of("start", "stop", "promote", "demote", "migrate_to", "migrate_from");

    private final List<Event> deeds = new ArrayList<>();

    private Deeds() {}

    static Deeds of(List<Event> events) {
        Deeds of = new Deeds();
        for (Event event : events) {
            boolean counts =
                    switch (event) {
                        case Event.NodeFenced _ -> true;
                        case Event.OperationDone done -> CHANGING.contains(done.task());
                        default -> false;
                    };
            if (counts) {
                of.deeds.add(event);
            }
        }
        return of;
    }

    List<String> lines() {
        return deeds.stream().map(Deeds::line).toList();
    }

    private static String line(Event event) {
        return switch (event) {
            case Event.NodeFenced fenced -> "fence node " + fenced.node();
            case Event.OperationDone done ->
                    done.resource() + " " + done.task() + " on " + done.node();
            default -> event.line();
        };
    }

    /** The number of the first deed that takes a service from its users; 0 if there is none. */
    int firstLoss(String service) {
        return first(service, List.of("stop", "demote"));
    }

    /** The number of the last deed that gives it to them; 0 if there is none. */
    int lastGain(String service) {
        for (int i = deeds.size(); i > 0; i--) {
            if (is(deeds.get(i - 1), service, List.of("start", "promote", "migrate_from"))) {
                return i;
            }
        }
        return 0;
    }

    /** Whether it is moved without being interrupted. */
    boolean isMigrated(String service) {
        return first(service, List.of("migrate_to")) > 0;
    }

    private int first(String service, List<String> tasks) {
        for (int i = 0; i < deeds.size(); i++) {
            if (is(deeds.get(i), service, tasks)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean is(Event event, String service, List<String> tasks) {
        return event instanceof Event.OperationDone done
                && tasks.contains(done.task())
                && (done.resource().equals(service)
                        || Keys.withoutInstance(done.resource()).equals(service));
    }
}
