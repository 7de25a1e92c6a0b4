package io.holdfast.controller.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.cib.Cib;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.controller.codec.MessageCodec;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.core.ControllerCore;
import io.holdfast.controller.core.ControllerEvent;
import io.holdfast.controller.core.ControllerMessage;
import io.holdfast.controller.core.Effect;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.OperationReport;
import io.holdfast.controller.core.Votes;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.Membership;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller in the world: one thread takes events from a queue, hands them to {@link
 * ControllerCore}, and carries out the effects in order. Everything that others do for it (store,
 * witness, executor, members) comes back as events.
 */
public final class Controller implements NodeNews, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    private static final long RECHECK_MILLIS = 60_000;
    static final int MOST_EVENTS = 50_000;
    private static final Executor ANCHOR_RETRY =
            CompletableFuture.delayedExecutor(250, TimeUnit.MILLISECONDS);

    private final StateStore store;
    private final TransitionInputs inputs;
    private final Membership membership;
    private final NodeExecutor executor;
    private final ControllerListener listener;
    private final ControllerCore core;
    private final BlockingQueue<ControllerEvent> events = new LinkedBlockingQueue<>(MOST_EVENTS);
    private final Map<Long, CompletableFuture<ChangeOutcome>> asked = new ConcurrentHashMap<>();
    private final AtomicLong lastRequest = new AtomicLong();
    private final LoopPulse pulse = new LoopPulse();
    private final Thread thread;
    private volatile Cib shown;
    private volatile ClusterState state;
    private volatile boolean closed;

    /**
     * Makes a controller that is yet to be started.
     *
     * @param votes as membership counts them
     * @param hearsNotifications whether an agent does anything when it is notified
     */
    public Controller(
            NodeId self,
            Votes votes,
            StateStore store,
            Membership membership,
            NodeExecutor executor,
            Predicate<ResourceAgent> hearsNotifications,
            ControllerListener listener) {
        this.store = store;
        this.inputs = new TransitionInputs(store.directory().resolve("inputs"));
        this.membership = membership;
        this.executor = executor;
        this.listener = listener;
        this.state = store.state();
        this.shown = state.cib();
        this.core = new ControllerCore(self, votes, state, hearsNotifications);
        this.thread = new Thread(this::run, "controller");
    }

    public void start() {
        thread.start();
    }

    // --- what others tell it ---------------------------------------------------------------------

    public void viewChanged(ClusterView view) {
        enqueue(new ControllerEvent.ViewChanged(view));
    }

    public void messageReceived(NodeId from, byte[] payload) {
        ControllerMessage message = MessageCodec.decode(payload, "message from " + from);
        enqueue(new ControllerEvent.MessageReceived(from, message));
    }

    @Override
    public void operationEnded(OperationReport report) {
        enqueue(new ControllerEvent.OperationEnded(report));
    }

    @Override
    public void attributesChanged(NodeAttributes attributes) {
        enqueue(new ControllerEvent.AttributesChanged(attributes));
    }

    @Override
    public void warned(Problem problem) {
        listener.warned(problem);
    }

    /**
     * So many events never wait in a node that keeps up. One that does not is better gone than
     * without memory; the others go on without it.
     */
    private void enqueue(ControllerEvent event) {
        if (!events.offer(event) && !closed) {
            listener.failed(
                    new IllegalStateException(
                            MOST_EVENTS + " events wait for the controller; it does not keep up"));
        }
    }

    /** Asks for a change; answered when it is on the disks of a quorum, or refused. */
    public CompletableFuture<ChangeOutcome> change(Change change) {
        long requestId = lastRequest.incrementAndGet();
        CompletableFuture<ChangeOutcome> outcome = new CompletableFuture<>();
        asked.put(requestId, outcome);
        enqueue(new ControllerEvent.ChangeAsked(requestId, change));
        return outcome;
    }

    /** Asks for a change whose outcome nobody waits for. */
    public void request(Change change) {
        enqueue(new ControllerEvent.ChangeAsked(lastRequest.incrementAndGet(), change));
    }

    /** The whole CIB as this node knows it. */
    public Cib cib() {
        return shown;
    }

    /** The agreed state as this node has it on disk. */
    public ClusterState state() {
        return state;
    }

    public ControllerCore.Phase phase() {
        return core.phase();
    }

    /** What its thread is working on, for a watchdog. */
    public LoopPulse pulse() {
        return pulse;
    }

    // --- its thread
    // ----------------------------------------------------------------------------------

    private void run() {
        long recheckAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECHECK_MILLIS);
        while (!closed) {
            try {
                ControllerEvent event = events.poll(RECHECK_MILLIS, TimeUnit.MILLISECONDS);
                if (event == null || System.nanoTime() - recheckAt > 0) {
                    recheckAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECHECK_MILLIS);
                    handle(new ControllerEvent.RecheckDue());
                }
                if (event != null) {
                    handle(event);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                // A thread that ended in silence would keep its lease and never take part again.
                closed = true;
                listener.failed(e);
                return;
            }
        }
    }

    private void handle(ControllerEvent event) {
        pulse.begin(event.getClass().getSimpleName());
        try {
            carryOutAllOf(event);
        } finally {
            pulse.end();
        }
    }

    private void carryOutAllOf(ControllerEvent event) {
        // Its kind alone: orders and configurations hold secrets.
        LOG.debug("event {}", event.getClass().getSimpleName());
        Term reportFor = null;
        for (Effect effect : core.handle(event, System.currentTimeMillis())) {
            if (effect instanceof Effect.PrepareReport prepare) {
                reportFor = prepare.term();
            } else {
                carryOut(effect);
            }
        }
        state = core.state();
        if (reportFor != null) {
            // At once: a result that came between a look at the history and the report's turn in
            // the queue would be in neither.
            carryOutAllOf(new ControllerEvent.ReportPrepared(reportFor, executor.report()));
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send e -> send(e.message(), bytes -> membership.send(e.to(), bytes));
            case Effect.Broadcast e -> send(e.message(), membership::broadcast);
            case Effect.StoreEntry e -> {
                store.append(e.position(), e.entry());
                listener.recordsChanged(store.state());
                reached(e.term(), e.position());
            }
            case Effect.StoreState e -> {
                store.replace(e.state());
                listener.recordsChanged(store.state());
                reached(e.term(), e.state().position());
            }
            case Effect.AnchorAtWitness e -> anchor(e.term(), e.position());
            case Effect.Surrender e -> surrender();
            case Effect.ApplyState e -> listener.stateApplied(e.term());
            case Effect.PrepareReport e ->
                    throw new IllegalStateException("prepared by who handles " + e);
            case Effect.Perform e -> executor.perform(e.order());
            case Effect.AnswerChange e -> {
                CompletableFuture<ChangeOutcome> outcome = asked.remove(e.requestId());
                if (outcome != null) {
                    outcome.complete(e.outcome());
                }
            }
            case Effect.ShowCib e -> shown = e.cib();
            case Effect.KeepInput e -> inputs.keep(e.term(), e.transition(), e.cib());
            case Effect.Tell e -> listener.told(e.kind(), e.object(), e.text());
            case Effect.Warn e -> listener.warned(e.problem());
        }
    }

    /**
     * What is too large is told and not sent: ending for it would end the next coordinator too. The
     * agreed state is bounded when it changes, so only status can come to that.
     */
    private void send(ControllerMessage message, Consumer<byte[]> how) {
        byte[] bytes;
        try {
            bytes = MessageCodec.encode(message, Membership.LARGEST_MESSAGE_BYTES);
        } catch (ProblemException e) {
            listener.warned(e.problem());
            return;
        }
        how.accept(bytes);
    }

    private void reached(Term term, LogPosition position) {
        // Not waited for: the voter's disk may be slow, and a late answer counts as well.
        var _ =
                membership
                        .positionReached(term, position)
                        .thenAccept(
                                counts -> {
                                    if (counts) {
                                        enqueue(new ControllerEvent.StateStored(position));
                                    }
                                });
    }

    private void anchor(Term term, LogPosition position) {
        var _ =
                membership
                        .anchorAtWitness(term, position)
                        .whenComplete((done, failure) -> anchoringEnded(position, failure));
    }

    private void anchoringEnded(LogPosition position, @Nullable Throwable failure) {
        if (failure == null) {
            enqueue(new ControllerEvent.PositionAnchored(position));
        } else {
            // Some failures come at once; asked again at once, they would keep a processor busy.
            ANCHOR_RETRY.execute(() -> enqueue(new ControllerEvent.AnchoringFailed(position)));
        }
    }

    /** On its own thread: agents need time, and meanwhile messages are taken. */
    private void surrender() {
        Thread.ofPlatform()
                .name("surrender")
                .start(
                        () -> {
                            executor.surrender();
                            enqueue(new ControllerEvent.Surrendered());
                        });
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        asked.values().forEach(outcome -> outcome.cancel(false));
        inputs.close();
    }
}
