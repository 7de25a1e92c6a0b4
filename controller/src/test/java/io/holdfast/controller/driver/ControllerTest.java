package io.holdfast.controller.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.controller.codec.MessageCodec;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.core.ControllerCore;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.NodeReport;
import io.holdfast.controller.core.OperationOrder;
import io.holdfast.controller.core.Votes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The controller's thread, with a membership that is moved by hand. */
@Timeout(30)
class ControllerTest {
    private static final VolumeId VOLUME = new VolumeId("v");

    @TempDir Path directory;

    private final HandMembership membership = new HandMembership();
    private final Listener listener = new Listener();
    private StateStore store;
    private Controller controller;

    @BeforeEach
    void start() {
        store = StateStore.open(directory);
        Votes votes = new Votes(new TreeMap<>(Map.of(membership.self, 1)), 2);
        controller =
                new Controller(
                        membership.self,
                        votes,
                        store,
                        membership,
                        new NoExecutor(),
                        agent -> true,
                        listener);
        controller.start();
    }

    @AfterEach
    void close() {
        controller.close();
        store.close();
    }

    @Test
    void aNodeAloneDecides() throws Exception {
        controller.viewChanged(membership.alone(1));

        assertThat(promoted()).isInstanceOf(ChangeOutcome.Accepted.class);
    }

    @Test
    void aPositionThatTheVoterConfirmsLateCountsAllTheSame() throws Exception {
        membership.voterAnswers = false;
        controller.viewChanged(membership.alone(1));
        CompletableFuture<ChangeOutcome> asked =
                controller.change(new Change.PromoteVolume(VOLUME, membership.self));
        await(() -> !membership.unanswered.isEmpty());
        assertThat(controller.phase()).isEqualTo(ControllerCore.Phase.INSTALLING);
        assertThat(asked).isNotDone();

        membership.voterAnswersLate();

        assertThat(asked.get(5, TimeUnit.SECONDS)).isInstanceOf(ChangeOutcome.Accepted.class);
        await(() -> controller.phase() == ControllerCore.Phase.DECIDING);
    }

    @Test
    void eventsAreHandledWhileTheVoterIsSlow() throws Exception {
        membership.voterAnswers = false;
        controller.viewChanged(membership.alone(1));
        await(() -> !membership.unanswered.isEmpty());

        controller.viewChanged(membership.alone(2));

        await(() -> controller.state().installedTerm().equals(new Term(2)));
    }

    @Test
    void aWitnessThatFailsAtOnceIsAskedAgainAfterAWhile() throws Exception {
        membership.witnessFails = true;
        controller.viewChanged(membership.alone(1));
        await(() -> membership.anchorings.get() == 2);
        assertThat(controller.phase()).isEqualTo(ControllerCore.Phase.INSTALLING);

        Thread.sleep(100);
        assertThat(membership.anchorings).hasValueLessThan(4);

        membership.witnessFails = false;
        await(() -> controller.phase() == ControllerCore.Phase.DECIDING);
    }

    @Test
    void anEventThatHangsIsSeenFromOutside() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        membership.duringBroadcast =
                () -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        controller.viewChanged(membership.alone(1));

        await(() -> controller.pulse().work().isPresent());
        await(() -> controller.phase() == ControllerCore.Phase.DECIDING);
        assertThat(controller.pulse().work())
                .hasValueSatisfying(
                        work -> {
                            assertThat(work.what()).isEqualTo("PositionAnchored");
                            assertThat(work.thread().getName()).isEqualTo("controller");
                        });
        goOn.countDown();
        await(() -> controller.pulse().work().isEmpty());
    }

    @Test
    void aMessageThatIsTooLargeIsToldAndEndsNobody() throws Exception {
        controller.viewChanged(membership.alone(1));
        await(() -> controller.phase() == ControllerCore.Phase.DECIDING);
        SortedMap<String, String> attributes = new TreeMap<>();
        attributes.put("huge", "x".repeat(MessageCodec.LARGEST_JSON_BYTES));

        controller.attributesChanged(new NodeAttributes(membership.self, attributes));

        Problem told = listener.warnings.poll(20, TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.message()).contains("StatusPublished").contains("too large");
        assertThat(promoted()).isInstanceOf(ChangeOutcome.Accepted.class);
        assertThat(listener.failures).isEmpty();
    }

    @Test
    void aControllerThatDoesNotKeepUpEndsBeforeItsMemoryDoes() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        membership.duringBroadcast =
                () -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        controller.viewChanged(membership.alone(1));
        await(() -> controller.phase() == ControllerCore.Phase.DECIDING);
        // The controller's own events (what was stored, what is due) wait among them.
        for (int i = 0; i < Controller.MOST_EVENTS - 100; i++) {
            controller.request(new Change.CleanUpResource(""));
        }
        assertThat(listener.failures).isEmpty();

        for (int i = 0; i < 103; i++) {
            controller.request(new Change.CleanUpResource(""));
        }

        assertThat(listener.failures).isNotEmpty();
        goOn.countDown();
    }

    private ChangeOutcome promoted() throws Exception {
        return controller
                .change(new Change.PromoteVolume(VOLUME, membership.self))
                .get(5, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier reached) throws InterruptedException {
        while (!reached.getAsBoolean()) {
            Thread.sleep(2);
        }
    }

    private final class NoExecutor implements NodeExecutor {
        @Override
        public void perform(OperationOrder order) {}

        @Override
        public void surrender() {}

        @Override
        public NodeReport report() {
            return new NodeReport(
                    List.of(),
                    new NodeAttributes(membership.self, new TreeMap<>()),
                    new TreeMap<>());
        }
    }

    private static final class Listener implements ControllerListener {
        final LinkedBlockingQueue<Problem> warnings = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

        @Override
        public void recordsChanged(ClusterState state) {}

        @Override
        public void stateApplied(Term term) {}

        @Override
        public void told(String kind, String object, String text) {}

        @Override
        public void warned(Problem problem) {
            warnings.add(problem);
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }
    }
}
