package io.holdfast.executor.driver;

import io.holdfast.base.LoopPulse;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.executor.Executor;
import io.holdfast.executor.ExecutorListener;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentRegistry;
import io.holdfast.executor.agent.AgentResult;
import io.holdfast.executor.core.ExecutorCore;
import io.holdfast.executor.core.ExecutorEffect;
import io.holdfast.executor.core.ExecutorEffect.CancelTimer;
import io.holdfast.executor.core.ExecutorEffect.KillAgent;
import io.holdfast.executor.core.ExecutorEffect.NotStopped;
import io.holdfast.executor.core.ExecutorEffect.Remember;
import io.holdfast.executor.core.ExecutorEffect.Report;
import io.holdfast.executor.core.ExecutorEffect.RunAgent;
import io.holdfast.executor.core.ExecutorEffect.SetTimer;
import io.holdfast.executor.core.ExecutorEffect.Surrendered;
import io.holdfast.executor.core.ExecutorEvent;
import io.holdfast.executor.core.ExecutorTimer;
import io.holdfast.executor.core.Moment;
import io.holdfast.executor.core.Outliving;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an {@link ExecutorCore} in the world. One thread ("executor") owns the core, sets the timers
 * and calls the listener; each run of an agent has a thread of its own, a platform thread, because
 * an agent may sit in a system call and must then not hold up the daemon's virtual threads.
 */
public final class LocalExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(LocalExecutor.class);

    private final AgentRegistry agents;
    private final TransientAttributes attributes;
    private final ExecutorListener listener;
    private final ScheduledThreadPoolExecutor loop;

    private final LoopPulse pulse = new LoopPulse();

    // Guarded by itself: the loop steps it, others look at its history.
    private final ExecutorCore core = new ExecutorCore();

    // Only touched by the loop's thread.
    private final Map<ExecutorTimer, ScheduledFuture<?>> timers = new HashMap<>();
    private final Map<Long, Thread> runs = new HashMap<>();
    private final List<CompletableFuture<List<OperationFinished>>> surrenders = new ArrayList<>();
    private final List<CompletableFuture<Void>> untilNothingIsLeft = new ArrayList<>();
    private @Nullable OutlivingFile memory;

    /**
     * @param attributes where the agents of {@code agents} set this node's attributes
     * @param listener called from this executor's thread
     */
    public LocalExecutor(
            AgentRegistry agents, TransientAttributes attributes, ExecutorListener listener) {
        this.agents = agents;
        this.attributes = attributes;
        this.listener = listener;
        loop =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("executor").factory());
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        attributes.listen(
                (name, value) -> onLoop(() -> this.listener.attributeChanged(name, value)));
    }

    @Override
    public void execute(OperationRequest request) {
        Optional<AgentMetadata> metadata = agents.find(request.agent()).map(Agent::metadata);
        Function<Task, Long> timeout =
                task ->
                        metadata.map(known -> known.timeout(task))
                                .orElse(AgentMetadata.DEFAULT_TIMEOUT)
                                .toMillis();
        OperationRequest timed =
                request.timeoutMillis() > 0
                        ? request
                        : request.withTimeout(timeout.apply(request.task()));
        long stop = timeout.apply(Task.STOP);
        long demote = timeout.apply(Task.DEMOTE);
        happened(at -> new ExecutorEvent.Requested(timed, stop, demote, at));
    }

    @Override
    public void cancel(String resource, Task task, long intervalMillis) {
        happened(at -> new ExecutorEvent.CancelRequested(resource, task, intervalMillis, at));
    }

    @Override
    public void recheck(String resource) {
        happened(at -> new ExecutorEvent.RecheckRequested(resource, at));
    }

    @Override
    public void forget(String resource) {
        happened(at -> new ExecutorEvent.ForgetRequested(resource, at));
    }

    @Override
    public List<OperationFinished> history() {
        synchronized (core) {
            return core.history();
        }
    }

    @Override
    public SortedMap<String, String> attributes() {
        return attributes.snapshot();
    }

    @Override
    public CompletionStage<List<OperationFinished>> surrender() {
        CompletableFuture<List<OperationFinished>> done = new CompletableFuture<>();
        onLoop(
                () -> {
                    surrenders.add(done);
                    step(new ExecutorEvent.SurrenderRequested(now()));
                });
        return done.minimalCompletionStage();
    }

    @Override
    public void leaseChanged(boolean runs) {
        happened(at -> runs ? new ExecutorEvent.LeaseBegun(at) : new ExecutorEvent.LeaseEnded(at));
    }

    /**
     * Keeps a list of what goes on should this process end, and takes over what an earlier one left
     * there: it counts as running, and is stopped as long as there is no lease.
     *
     * @throws ProblemException when the list of the earlier one cannot be read
     */
    public void rememberIn(Path file) {
        OutlivingFile list = new OutlivingFile(file);
        List<Outliving> left = list.read();
        if (!left.isEmpty()) {
            LOG.warn("an earlier clusterd left running: {}", left);
        }
        onLoop(
                () -> {
                    memory = list;
                    step(new ExecutorEvent.Inherited(left, now()));
                });
    }

    /**
     * Takes the lease for ended, and tells when all that it does not gate is stopped, or could not
     * be.
     */
    public CompletionStage<Void> stopOutliving() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        onLoop(
                () -> {
                    untilNothingIsLeft.add(done);
                    step(new ExecutorEvent.LeaseEnded(now()));
                });
        return done.minimalCompletionStage();
    }

    private void remember(List<Outliving> resources) {
        if (memory == null) {
            return;
        }
        try {
            memory.write(resources);
        } catch (IOException e) {
            LOG.error(
                    "what runs here cannot be written down; should clusterd die, nobody stops it: {}",
                    resources,
                    e);
        }
    }

    /** What its loop is working on, for a watchdog. */
    public LoopPulse pulse() {
        return pulse;
    }

    @Override
    public void close() {
        onLoop(
                () -> {
                    runs.values().forEach(Thread::interrupt);
                    loop.shutdownNow();
                });
        try {
            loop.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- the loop ------------------------------------------------------------------------------

    private void happened(Function<Moment, ExecutorEvent> event) {
        onLoop(() -> step(event.apply(now())));
    }

    private void onLoop(Runnable action) {
        if (!loop.isShutdown()) {
            loop.execute(() -> event(action));
        }
    }

    private void event(Runnable action) {
        pulse.begin("an event of the executor");
        try {
            guarded(action);
        } finally {
            pulse.end();
        }
    }

    /** A bug in one event or listener must not stop the loop: monitors and stops go through it. */
    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the executor failed at an event; it goes on with the next", e);
        }
    }

    private void step(ExecutorEvent event) {
        List<ExecutorEffect> effects;
        synchronized (core) {
            effects = core.step(event);
        }
        effects.forEach(effect -> guarded(() -> carryOut(effect)));
        if (!untilNothingIsLeft.isEmpty() && core.isNothingLeftWithoutLease()) {
            untilNothingIsLeft.forEach(waiting -> waiting.complete(null));
            untilNothingIsLeft.clear();
        }
    }

    private void carryOut(ExecutorEffect effect) {
        switch (effect) {
            case RunAgent(long run, OperationRequest request) -> begin(run, request);
            case KillAgent(long run) -> {
                Thread thread = runs.get(run);
                if (thread != null) {
                    thread.interrupt();
                }
            }
            case SetTimer(ExecutorTimer timer, long delayMillis) -> set(timer, delayMillis);
            case CancelTimer(ExecutorTimer timer) -> cancel(timer);
            case Report(OperationFinished finished) -> {
                log(finished);
                listener.operationFinished(finished);
            }
            case Remember(List<Outliving> resources) -> remember(resources);
            case NotStopped(OperationFinished stop) -> listener.notStopped(stop);
            case Surrendered(List<OperationFinished> failed) -> {
                surrenders.forEach(waiting -> waiting.complete(failed));
                surrenders.clear();
            }
        }
    }

    private void set(ExecutorTimer timer, long delayMillis) {
        cancel(timer);
        Runnable fire =
                () -> {
                    timers.remove(timer);
                    step(new ExecutorEvent.TimerFired(timer, now()));
                };
        timers.put(timer, loop.schedule(() -> event(fire), delayMillis, TimeUnit.MILLISECONDS));
    }

    private void cancel(ExecutorTimer timer) {
        ScheduledFuture<?> set = timers.remove(timer);
        if (set != null) {
            set.cancel(false);
        }
    }

    // --- agents --------------------------------------------------------------------------------

    private void begin(long run, OperationRequest request) {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("agent " + request.operationKey())
                        .unstarted(() -> runAgent(run, request));
        runs.put(run, thread);
        thread.start();
    }

    private void runAgent(long run, OperationRequest request) {
        BiFunction<OperationStatus, AgentResult, ExecutorEvent> ended =
                (status, result) ->
                        new ExecutorEvent.AgentEnded(
                                request.resource(),
                                run,
                                status,
                                result.code(),
                                result.reason(),
                                now());
        ExecutorEvent event;
        try {
            Optional<Agent> agent = agents.find(request.agent());
            event =
                    agent.isEmpty()
                            ? ended.apply(OperationStatus.NOT_INSTALLED, notInstalled(request))
                            : ended.apply(
                                    OperationStatus.DONE,
                                    agent.get()
                                            .run(AgentCall.of(request, request.timeoutMillis())));
        } catch (AgentException e) {
            event = ended.apply(OperationStatus.DONE, e.result());
        } catch (ProblemException e) {
            event = ended.apply(OperationStatus.DONE, AgentResult.failed(e.problem().message()));
        } catch (InterruptedException e) {
            // Broken off: the core has told its end already.
            event = ended.apply(OperationStatus.CANCELLED, AgentResult.failed("broken off"));
        } catch (RuntimeException | Error e) {
            LOG.error("agent {} failed at {}", request.agent(), request.operationKey(), e);
            event =
                    ended.apply(
                            OperationStatus.ERROR, AgentResult.failed("a bug in the agent: " + e));
        }
        ExecutorEvent over = event;
        onLoop(
                () -> {
                    runs.remove(run);
                    step(over);
                });
    }

    private static AgentResult notInstalled(OperationRequest request) {
        return new AgentResult(
                OcfCode.NOT_INSTALLED,
                "no agent "
                        + request.agent()
                        + " on this node; install the package that has it (resource-agents?)");
    }

    private static void log(OperationFinished finished) {
        OperationRequest request = finished.request();
        boolean bad = finished.failed();
        if (bad || request.task().changesState()) {
            LOG.atLevel(bad ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                    .log(
                            "{} {}: {} rc={} in {} ms {}",
                            request.operationKey(),
                            request.agent(),
                            finished.status(),
                            finished.returnCode(),
                            finished.executionMillis(),
                            finished.exitReason());
        }
    }

    private static Moment now() {
        return new Moment(
                System.currentTimeMillis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }
}
