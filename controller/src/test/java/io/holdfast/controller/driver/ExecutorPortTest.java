package io.holdfast.controller.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.OperationOrder;
import io.holdfast.controller.core.OperationReport;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorPortTest {
    private static final NodeId NODE = new NodeId("a");
    private static final ResourceAgent AGENT = new ResourceAgent("ocf", "pacemaker", "Dummy");

    @TempDir Path directory;

    private final HandExecutor executor = new HandExecutor();
    private final List<OperationReport> told = new ArrayList<>();
    private final NodeNews news =
            new NodeNews() {
                @Override
                public void operationEnded(OperationReport report) {
                    told.add(report);
                }

                @Override
                public void attributesChanged(NodeAttributes attributes) {}

                @Override
                public void warned(Problem problem) {}
            };
    private LeasePageWriter page;
    private ExecutorPort port;

    @BeforeEach
    void open() {
        page = LeasePageWriter.open(directory.resolve("page"));
        port = new ExecutorPort(NODE, new LeaseKeeper(NODE, page), () -> executor, () -> news);
    }

    @AfterEach
    void close() {
        page.close();
    }

    private static OperationOrder order(String task, long interval, Map<String, String> meta) {
        return new OperationOrder(
                new TransitionKey(1, 1, 0, "a.1"),
                "r",
                AGENT,
                task,
                interval,
                20_000,
                new TreeMap<>(),
                new TreeMap<>(meta),
                null);
    }

    @ParameterizedTest
    @CsvSource({"1500,1500", "0,0", "-3,0", "tomorrow,0", "99999999999999999999,0", "'',0"})
    void aStartDelayThatIsNoNumberDelaysNothing(String text, long millis) {
        port.perform(order("monitor", 10_000, Map.of("CRM_meta_start_delay", text)));

        assertThat(executor.requests)
                .extracting(OperationRequest::startDelayMillis)
                .containsExactly(millis);
    }

    @Test
    void anOrderThatCannotBeGivenIsAFailedOperation() {
        port.perform(order("start", 10_000, Map.of())); // a start cannot recur

        assertThat(told).hasSize(1);
        assertThat(told.getFirst().operation().status()).isEqualTo(OperationStatus.ERROR);
        assertThat(told.getFirst().operation().failed()).isTrue();
    }

    @Test
    void whatWasCancelledIsToldWhenItWasOrderedOnce() {
        port.operationFinished(finished(0));
        port.operationFinished(finished(10_000));

        assertThat(told)
                .extracting(report -> report.operation().intervalMillis())
                .containsExactly(0L);
    }

    @Test
    void whatFailsWithoutALeaseSaysNothingOfTheResourceButAFailedStopDoes() {
        port.operationFinished(failed(Task.START));
        port.operationFinished(failed(Task.STOP));

        assertThat(told).extracting(OperationReport::withoutLease).containsExactly(true, false);
    }

    private static OperationFinished failed(Task task) {
        OperationRequest request =
                new OperationRequest(
                        "r",
                        AGENT,
                        task,
                        0,
                        20_000,
                        0,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TransitionKey(1, 1, 0, "a.1"));
        return new OperationFinished(request, 1, OperationStatus.DONE, 1, "", 0, 0, 0, 0);
    }

    private static OperationFinished finished(long interval) {
        OperationRequest request =
                new OperationRequest(
                        "r",
                        AGENT,
                        interval == 0 ? Task.START : Task.MONITOR,
                        interval,
                        20_000,
                        0,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TransitionKey(1, 1, 0, "a.1"));
        return new OperationFinished(request, 1, OperationStatus.CANCELLED, 1, "", 0, 0, 0, 0);
    }
}
