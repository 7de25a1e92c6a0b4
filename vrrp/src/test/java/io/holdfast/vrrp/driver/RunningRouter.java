package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.VrrpEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A router of ours on a host, and what it told. */
final class RunningRouter implements AutoCloseable {
    private final List<VrrpEvent> events = new CopyOnWriteArrayList<>();
    private final VrrpRouter router;

    RunningRouter(Segment.Host host, RouterSettings settings) {
        this(host, settings, script -> new ScriptRunner.ScriptResult.Exited(0));
    }

    RunningRouter(Segment.Host host, RouterSettings settings, ScriptRunner scripts) {
        router =
                host.network()
                        .call(
                                () ->
                                        VrrpRouter.start(
                                                settings, Surroundings.of(events::add, scripts)));
    }

    VrrpRouter router() {
        return router;
    }

    List<VrrpEvent> events() {
        return events;
    }

    InstanceState state() {
        return router.data().getFirst().state();
    }

    boolean heard(Class<? extends VrrpEvent> kind) {
        return events.stream().anyMatch(kind::isInstance);
    }

    /** Real time, since sockets are real; returns how long it took. */
    static long awaitMillis(String what, long limitMillis, BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > limitMillis * 1_000_000) {
                throw new AssertionError(what + ": not within " + limitMillis + " ms");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }

    @Override
    public void close() {
        router.close();
    }
}
