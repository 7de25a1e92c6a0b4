package io.holdfast.scheduler.simulate;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes results of operations into histories, and what agents' failures leave with the node. */
final class HistoryEntries {
    private HistoryEntries() {}

    /** An entry that is newer than all that are there. */
    static Element.Builder next(
            Element history, OperationResult result, int expected, int action, long now) {
        int call = 0;
        long changed = now;
        for (Element entry : history.children("lrm_rsc_op")) {
            call = Math.max(call, Values.integer(entry.attribute("call-id"), 0));
            if (!Values.sameIgnoringCase(result.node(), entry.attribute("on_node"))) {
                // numbers of another executor tell no order: the time has to
                changed =
                        Math.max(changed, Values.number(entry.attribute("last-rc-change"), 0) + 1);
            }
        }
        String key = Keys.operation(history.id(), result.task(), result.intervalMillis());
        boolean own =
                result.intervalMillis() > 0
                        || result.task().equals(Tasks.MIGRATE_TO)
                        || result.task().equals(Tasks.MIGRATE_FROM);
        String transitionKey = action + ":-1:" + expected + ":xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
        return Element.builder("lrm_rsc_op")
                .attribute("id", own ? key : history.id() + "_last_0")
                .attribute("operation_key", key)
                .attribute("operation", result.task())
                .attribute("crm_feature_set", "3.20.1")
                .attribute("transition-key", transitionKey)
                .attribute("transition-magic", "0:" + result.code() + ";" + transitionKey)
                .attribute("exit-reason", "")
                .attribute("on_node", result.node())
                .attribute("call-id", Integer.toString(call + 1))
                .attribute("rc-code", Integer.toString(result.code()))
                .attribute("op-status", "0")
                .attribute("interval", Long.toString(result.intervalMillis()))
                .attribute("last-rc-change", Long.toString(changed))
                .attribute("exec-time", "0")
                .attribute("queue-time", "0");
    }

    /**
     * The history with a made-up result.
     *
     * @param digest of the parameters the operation had; null when no operation was behind it, so
     *     that nothing is known of its parameters
     * @param reason what the agent is said to have told
     */
    static Element withMadeUp(
            Element history,
            OperationResult result,
            int expected,
            int action,
            @Nullable String digest,
            String reason,
            long now) {
        Element.Builder entry =
                next(history, result, expected, action, now)
                        .attribute("exit-reason", reason)
                        .optional("op-digest", digest);
        if (result.code() == expected) {
            return NodeStates.putChild(history, entry.build());
        }
        Element failure = entry.attribute("id", history.id() + "_last_failure_0").build();
        Element failed = NodeStates.putChild(history, failure);
        return result.intervalMillis() > 0
                ? failed
                : NodeStates.putChild(
                        failed, failure.withAttribute("id", history.id() + "_last_0"));
    }

    /**
     * The state of a node with the failure counted; says so among the events.
     *
     * @param startIsFatal whether one failed start is enough to leave the node
     */
    static Element countFailure(
            Element state,
            OperationResult result,
            boolean startIsFatal,
            long now,
            List<Event> events) {
        boolean isNoFailure =
                result.code() == 0 || (result.code() == 7 && result.intervalMillis() == 0);
        if (isNoFailure) {
            return state;
        }
        String operation = result.resource() + "#" + result.task() + "_" + result.intervalMillis();
        String counter = "fail-count-" + operation;
        boolean fatal =
                result.task().equals(Tasks.STOP)
                        || (result.task().equals(Tasks.START) && startIsFatal);
        String before = attribute(state, counter);
        boolean isInfinite = fatal || before.equals("INFINITY");
        String count = isInfinite ? "INFINITY" : Integer.toString(Values.integer(before, 0) + 1);
        events.add(new Event.AttributeInjected(counter, fatal ? count : "value++", state.id()));
        String last = "last-failure-" + operation;
        events.add(new Event.AttributeInjected(last, Long.toString(now), state.id()));
        Element counted = withAttribute(state, counter, count);
        return withAttribute(counted, last, Long.toString(now));
    }

    private static String attribute(Element state, String name) {
        for (Element set :
                state.childOrEmpty("transient_attributes").children("instance_attributes")) {
            for (Element pair : set.children("nvpair")) {
                if (name.equals(pair.attribute("name"))) {
                    return pair.attribute("value", "");
                }
            }
        }
        return "";
    }

    private static Element withAttribute(Element state, String name, String value) {
        Element attributes = state.child("transient_attributes");
        if (attributes == null) {
            attributes = Element.of("transient_attributes", "id", state.id());
        }
        Element set = attributes.child("instance_attributes");
        if (set == null) {
            set = Element.of("instance_attributes", "id", "status-" + state.id());
        }
        List<Element> pairs = new ArrayList<>(set.children());
        pairs.removeIf(pair -> name.equals(pair.attribute("name")));
        pairs.add(Element.of("nvpair", "id", set.id() + "-" + name, "name", name, "value", value));
        return state.withOnlyChild(attributes.withOnlyChild(set.withChildren(pairs)));
    }
}
