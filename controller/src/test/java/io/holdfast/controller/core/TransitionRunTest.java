package io.holdfast.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.NodeId;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TransitionRunTest {
    private static final int NUMBER = 3;
    private static final int ACTION = 7;
    private static final String CONTROLLER = "a.12";

    private final TransitionRun run =
            new TransitionRun(NUMBER, CONTROLLER, List.of(stop(ACTION, 20_000)));

    @Test
    void aResultThatAnEarlierCoordinatorOrderedUnderTheSameNumbersConfirmsNothing() {
        run.start(1_000);

        assertThat(run.underWay(new TransitionKey(ACTION, NUMBER, 0, "a.11"))).isNull();
        assertThat(run.underWay(new TransitionKey(ACTION, NUMBER, 0, CONTROLLER))).isNotNull();
    }

    @Test
    void aStepWhoseResultWasLostIsOverdueAMinuteAfterItsTimeout() {
        run.start(1_000);

        assertThat(run.overdue(81_000)).isEmpty();
        assertThat(run.overdue(81_001)).extracting(Step::id).containsExactly(ACTION);
        run.fail(ACTION);
        assertThat(run.isOver()).isTrue();
    }

    private static Step stop(int id, long timeoutMillis) {
        OperationOrder order =
                new OperationOrder(
                        new TransitionKey(id, NUMBER, 0, CONTROLLER),
                        "r",
                        new ResourceAgent("ocf", "heartbeat", "Dummy"),
                        "stop",
                        0,
                        timeoutMillis,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        null);
        return new Step(
                id, Step.Kind.OPERATION, "stop", new NodeId("b"), order, "r", new TreeSet<>());
    }
}
