package io.holdfast.vrrp.driver;

import io.holdfast.base.ProblemException;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.TrackerData;
import java.util.List;

/**
 * A VRRP router in the world: the network namespace of the thread that starts it. One real-time
 * thread does the protocol; trackers, scripts and the listener have others.
 *
 * <pre>{@code
 * VrrpRouter router = VrrpRouter.start(settings, surroundings);
 * router.reload(changed); // addresses that stay are never taken down
 * router.close();         // priority 0 is sent, addresses are taken down, STOPPED is told
 * }</pre>
 */
public final class VrrpRouter implements AutoCloseable {
    private VrrpRouter() {}

    /**
     * Starts; returns when sockets are open and every instance is past INITIALIZE.
     *
     * @throws ProblemException when an interface is missing (and may not be), or sockets are not
     *     permitted; then nothing was left behind
     */
    public static VrrpRouter start(RouterSettings settings, Surroundings surroundings) {
        return unfinished();
    }

    /**
     * Changes the configuration. Instances that are in both (by name, interface, family and virtual
     * router ID) keep their state; their addresses that stay are never taken down.
     *
     * @throws ProblemException as {@link #start}; then everything is as before
     */
    public void reload(RouterSettings settings) {
        unfinished();
    }

    /** All instances, in the order of the configuration. */
    public List<InstanceData> data() {
        return unfinished();
    }

    /** Everything tracked. */
    public List<TrackerData> trackers() {
        return unfinished();
    }

    /** Sets the counters in {@link #data} to zero. */
    public void clearStatistics() {
        unfinished();
    }

    /** Announces the addresses of an instance that is Master once more. */
    public void announceAgain(String instance) {
        unfinished();
    }

    /**
     * Stops in order: priority 0, addresses down, STOPPED told to the listener and heard. Returns
     * when that is done; about the time that the listener takes.
     */
    @Override
    public void close() {
        unfinished();
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "DoNotCallSuggester"}) // until it is written
    private static <T> T unfinished() {
        throw new UnsupportedOperationException("not yet");
    }
}
