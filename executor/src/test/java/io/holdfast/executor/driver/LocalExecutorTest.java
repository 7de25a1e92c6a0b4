package io.holdfast.executor.driver;

import static io.holdfast.executor.Requests.DUMMY;
import static io.holdfast.executor.Requests.every;
import static io.holdfast.executor.Requests.once;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Requests;
import io.holdfast.executor.Task;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LocalExecutorTest {
    @TempDir Path directory;

    private final RecordingListener listener = new RecordingListener();
    private final TransientAttributes attributes = new TransientAttributes();
    private final CopyOnWriteArrayList<String> calls = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = call -> AgentResult.OK;
    private final LocalExecutor executor =
            new LocalExecutor(
                    name -> name.equals(DUMMY) ? Optional.of(new TestAgent()) : Optional.empty(),
                    attributes,
                    listener);

    private interface Behaviour {
        AgentResult run(AgentCall call) throws InterruptedException;
    }

    private final class TestAgent implements Agent {
        @Override
        public AgentMetadata metadata() {
            return new AgentMetadata(
                    "for tests", List.of(), Map.of(Task.START, Duration.ofMillis(50)));
        }

        @Override
        public AgentResult run(AgentCall call) throws InterruptedException {
            calls.add(call.resource() + "_" + call.task().ocfName());
            return behaviour.run(call);
        }
    }

    @BeforeEach
    void theLeaseRuns() {
        executor.leaseChanged(true);
    }

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void resourcesStartAtTheSameTime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(8);
        behaviour =
                _ -> {
                    try {
                        together.await(5, TimeUnit.SECONDS);
                        return AgentResult.OK;
                    } catch (java.util.concurrent.BrokenBarrierException
                            | java.util.concurrent.TimeoutException e) {
                        return AgentResult.failed("alone");
                    }
                };
        for (int i = 0; i < 8; i++) {
            executor.execute(once("r" + i, Task.START));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(listener.next().returnCode()).isEqualTo(OcfCode.OK);
        }
    }

    @Test
    void aMonitorRecursUntilItFailsAndIsHeardOfThen() throws Exception {
        executor.execute(every("a", 20));
        assertThat(listener.next().returnCode()).isEqualTo(OcfCode.OK);
        while (calls.size() < 4) {
            Thread.sleep(5);
        }
        assertThat(listener.isQuiet()).isTrue();
        behaviour = _ -> AgentResult.NOT_RUNNING;
        OperationFinished failure = listener.next();
        assertThat(failure.returnCode()).isEqualTo(OcfCode.NOT_RUNNING);
        assertThat(failure.callId()).isEqualTo(1);
        executor.cancel("a", Task.MONITOR, 20);
        assertThat(listener.next().status()).isEqualTo(OperationStatus.CANCELLED);
        int after = calls.size();
        Thread.sleep(60);
        assertThat(calls).hasSize(after);
    }

    @Test
    void anAgentThatHangsIsInterruptedAtItsOwnTimeOut() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        behaviour =
                call -> {
                    if (call.task() == Task.START) {
                        try {
                            Thread.sleep(60_000);
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                            throw e;
                        }
                    }
                    return AgentResult.OK;
                };
        executor.execute(withoutTimeout("a", Task.START));
        OperationFinished timedOut = listener.next();
        assertThat(timedOut.status()).isEqualTo(OperationStatus.TIMEOUT);
        assertThat(timedOut.request().timeoutMillis()).isEqualTo(50);
        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
        executor.execute(once("a", Task.STOP));
        assertThat(listener.next().returnCode()).isEqualTo(OcfCode.OK);
    }

    @Test
    void whatAnAgentThrowsIsItsAnswer() throws Exception {
        behaviour =
                _ -> {
                    throw AgentException.notConfigured("parameter ip is missing");
                };
        executor.execute(once("a", Task.START));
        OperationFinished misconfigured = listener.next();
        assertThat(misconfigured.returnCode()).isEqualTo(OcfCode.NOT_CONFIGURED);
        assertThat(misconfigured.exitReason()).contains("ip is missing");
        behaviour =
                _ -> {
                    throw new IllegalStateException("bug");
                };
        executor.execute(once("a", Task.STOP));
        OperationFinished bug = listener.next();
        assertThat(bug.status()).isEqualTo(OperationStatus.ERROR);
        assertThat(bug.exitReason()).contains("bug");
    }

    @Test
    void anAgentThatIsNotThereIsSaidToBe() throws Exception {
        executor.execute(
                Requests.request(
                        "a", new ResourceAgent("ocf", "acme", "Rocket"), Task.START, 0, Map.of()));
        OperationFinished missing = listener.next();
        assertThat(missing.status()).isEqualTo(OperationStatus.NOT_INSTALLED);
        assertThat(missing.returnCode()).isEqualTo(OcfCode.NOT_INSTALLED);
        assertThat(missing.exitReason()).contains("ocf:acme:Rocket");
    }

    @Test
    void historyTellsWhatRuns() throws Exception {
        executor.execute(once("a", Task.START));
        executor.execute(every("a", 60_000));
        listener.next();
        listener.next();
        assertThat(executor.history())
                .extracting(each -> each.request().operationKey())
                .containsExactly("a_start_0", "a_monitor_60000");
    }

    @Test
    void surrenderStopsInTheReverseOrderOfStarting() throws Exception {
        for (String resource : List.of("address", "target", "lun")) {
            executor.execute(once(resource, Task.START));
            listener.next();
        }
        calls.clear();
        List<OperationFinished> failed =
                executor.surrender().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(failed).isEmpty();
        assertThat(calls).containsExactly("lun_stop", "target_stop", "address_stop");
    }

    @Test
    void theEndOfTheLeaseStopsWhatItDoesNotGateUnlessUnderMaintenance() throws Exception {
        AtomicBoolean maintenance = new AtomicBoolean();
        AtomicLong leaseUntilNanos = new AtomicLong(System.nanoTime() + 60_000_000_000L);
        try (LeaseWatch watch = new LeaseWatch(leaseUntilNanos::get, maintenance::get, executor)) {
            assertThat(watch).isNotNull();
            for (String resource : List.of("filesystem", "server")) {
                executor.execute(once(resource, Task.START));
                listener.next();
            }
            calls.clear();
            maintenance.set(true);
            leaseUntilNanos.set(System.nanoTime());
            Thread.sleep(100);
            assertThat(calls).isEmpty();
            maintenance.set(false);
            assertThat(listener.next().request().operationKey()).isEqualTo("server_stop_0");
            assertThat(listener.next().request().operationKey()).isEqualTo("filesystem_stop_0");
            assertThat(calls).containsExactly("server_stop", "filesystem_stop");
        }
    }

    @Test
    void whatADeadProcessLeftIsStoppedByTheNext() throws Exception {
        Path file = directory.resolve("run/outliving.xml");
        executor.rememberIn(file);
        executor.execute(
                Requests.request("a", DUMMY, Task.START, 0, Map.of("password", "s<e>cr\"et")));
        listener.next();
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        // It dies, its resource goes on; the next one starts without a lease.
        RecordingListener nextListener = new RecordingListener();
        CopyOnWriteArrayList<AgentCall> stops = new CopyOnWriteArrayList<>();
        behaviour =
                call -> {
                    stops.add(call);
                    return AgentResult.OK;
                };
        try (LocalExecutor next =
                new LocalExecutor(
                        _ -> Optional.of(new TestAgent()),
                        new TransientAttributes(),
                        nextListener)) {
            next.rememberIn(file);
            next.stopOutliving().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        assertThat(stops).hasSize(1);
        assertThat(stops.getFirst().task()).isEqualTo(Task.STOP);
        assertThat(stops.getFirst().parameters()).containsEntry("password", "s<e>cr\"et");
        assertThat(Files.readString(file)).doesNotContain("password");
    }

    @Test
    void aListOfLeftoversThatCannotBeReadIsLeftAlone() throws Exception {
        Path file = directory.resolve("outliving.xml");
        Files.writeString(file, "<outliving><resource id=\"a\"/></outl");

        assertThatThrownBy(() -> executor.rememberIn(file))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("by hand");
        assertThat(Files.readString(file)).endsWith("</outl");
    }

    @Test
    void attributesAreToldWhenTheyChange() throws Exception {
        attributes.set("master-a", "10");
        attributes.set("master-a", "10");
        attributes.set("master-a", null);
        assertThat(listener.nextAttribute()).isEqualTo("master-a=10");
        assertThat(listener.nextAttribute()).isEqualTo("master-a=null");
        assertThat(executor.attributes()).isEmpty();
    }

    @Test
    void aListenerThatThrowsDoesNotStopTheExecutor() throws Exception {
        CountDownLatch second = new CountDownLatch(2);
        LocalExecutor fragile =
                new LocalExecutor(
                        _ -> Optional.of(new TestAgent()),
                        new TransientAttributes(),
                        new RecordingListenerThatThrows(second));
        try (fragile) {
            fragile.leaseChanged(true);
            fragile.execute(once("a", Task.START));
            fragile.execute(once("b", Task.START));
            assertThat(second.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    private record RecordingListenerThatThrows(CountDownLatch told)
            implements io.holdfast.executor.ExecutorListener {
        @Override
        public void operationFinished(OperationFinished finished) {
            told.countDown();
            throw new IllegalStateException("a bug in the listener, made for this test");
        }

        @Override
        public void attributeChanged(String name, String value) {}
    }

    private static OperationRequest withoutTimeout(String resource, Task task) {
        return new OperationRequest(
                resource,
                DUMMY,
                task,
                0,
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                new TransitionKey(1, 1, 0, "uuid"));
    }
}
