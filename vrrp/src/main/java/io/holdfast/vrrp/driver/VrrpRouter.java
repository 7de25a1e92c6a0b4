package io.holdfast.vrrp.driver;

import io.holdfast.base.ProblemException;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.TrackerData;
import java.util.List;

/**
 * A VRRP router in the world: the network namespace of the thread that starts it. One real-time
 * thread does the protocol ({@code ProtocolThread}); trackers, scripts and the listener have
 * others.
 *
 * <pre>{@code
 * VrrpRouter router = VrrpRouter.start(settings, surroundings);
 * router.reload(changed); // addresses that stay are never taken down
 * router.close();         // priority 0 is sent, addresses are taken down, STOPPED is told
 * }</pre>
 */
public final class VrrpRouter implements AutoCloseable {
    private final ProtocolThread protocol;
    private final Thread thread;
    private final TrackerThreads trackers;
    private final ListenerThread listener;
    private boolean closed;

    private VrrpRouter(ProtocolThread protocol, ListenerThread listener, TrackerThreads trackers) {
        this.protocol = protocol;
        this.listener = listener;
        this.trackers = trackers;
        this.thread = protocol.start();
    }

    /**
     * Starts; returns when sockets are open. Instances leave INITIALIZE as soon as all that they
     * depend on is known: without scripts, at once.
     *
     * @throws ProblemException when an interface is missing (and may not be), or sockets are not
     *     permitted; then nothing was left behind
     */
    public static VrrpRouter start(RouterSettings settings, Surroundings surroundings) {
        ListenerThread listener = new ListenerThread(surroundings.listener());
        try {
            ProtocolThread protocol = new ProtocolThread(settings, surroundings, listener);
            TrackerThreads trackers = new TrackerThreads(protocol, surroundings);
            VrrpRouter router = new VrrpRouter(protocol, listener, trackers);
            trackers.configure(settings);
            return router;
        } catch (RuntimeException e) {
            listener.finish();
            throw e;
        }
    }

    /**
     * Changes the configuration. Instances that are in both (by name, interface, family and virtual
     * router ID) keep their state; their addresses that stay are never taken down.
     *
     * @throws ProblemException as {@link #start}; then everything is as before
     */
    public void reload(RouterSettings settings) {
        Boolean ignored =
                protocol.ask(
                        () -> {
                            protocol.reload(settings);
                            return true;
                        });
        trackers.configure(settings);
    }

    /** All instances, in the order of the configuration. */
    public List<InstanceData> data() {
        return protocol.ask(
                () -> protocol.routers().data(protocol.now(), System.currentTimeMillis()));
    }

    /** Everything tracked. */
    public List<TrackerData> trackers() {
        return protocol.ask(() -> protocol.routers().trackers());
    }

    /** Sets the counters in {@link #data} to zero. */
    public void clearStatistics() {
        protocol.wish(() -> protocol.routers().clearStatistics());
    }

    /**
     * Announces the addresses of an instance once more, if it is Master.
     *
     * @throws IllegalArgumentException when there is no such instance
     */
    public void announceAgain(String instance) {
        Boolean ignored =
                protocol.ask(
                        () -> {
                            protocol.announceAgain(instance);
                            return true;
                        });
    }

    /** Whether the protocol's thread still runs; it ends only by {@link #close}, or by a bug. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * Stops in order: priority 0, addresses down, STOPPED told to the listener and heard. Returns
     * when that is done; about the time that the listener takes.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        trackers.close();
        protocol.wish(protocol::stop);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.finish();
    }
}
