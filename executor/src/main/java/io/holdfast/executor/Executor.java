package io.holdfast.executor;

import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * Runs operations on this node. Operations of one resource run one after another in the order they
 * were asked for; those of different resources run at the same time.
 *
 * <p>All methods return at once and may be called from any thread; results come through the {@link
 * ExecutorListener}.
 */
public interface Executor extends AutoCloseable {
    /**
     * Has an operation done. A recurring one goes on until it is cancelled; asked for again, it
     * runs at once and its result is told even if nothing changed. An operation that changes the
     * resource's state cancels its recurring operations first, as Pacemaker's executor does.
     */
    void execute(OperationRequest request);

    /**
     * Ends a recurring operation; a run under way is broken off. Told with status CANCELLED, also
     * when there was none (call id 0).
     */
    void cancel(String resource, Task task, long intervalMillis);

    /**
     * Runs the recurring operations of a resource now instead of when they are due: whoever knows
     * that something changed need not wait for the monitor's interval.
     */
    void recheck(String resource);

    /** Forgets what is known of a resource, as a cleanup wants before it probes again. */
    void forget(String resource);

    /**
     * What is known of the resources here, oldest call first: enough to fill a node's history by
     * recording one after the other.
     */
    List<OperationFinished> history();

    /** This node's transient attributes that agents have set, such as promotion scores. */
    SortedMap<String, String> attributes();

    /**
     * Stops everything that runs here, demoting what is promoted first, in the reverse of the order
     * in which it became active; drops what is queued, and refuses operations until done. Each stop
     * is told to the listener too.
     *
     * @return completes with what could not be stopped; empty when all is down
     */
    CompletionStage<List<OperationFinished>> surrender();

    /**
     * Tells whether this node's lease runs. While it does not, nothing begins that {@link
     * LeaseGate} does not hold, and what runs of that kind is stopped: newest first, all at once
     * when that takes too long. Before the first news the node has no lease.
     */
    void leaseChanged(boolean runs);

    /** Ends all agents that are under way and forgets everything; resources stay as they are. */
    @Override
    void close();
}
