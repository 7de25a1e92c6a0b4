package io.holdfast.executor.builtin;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.DaemonUnreachableException;
import io.holdfast.api.control.DaemonUnreachableException.Reach;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.executor.agent.AgentCall;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * How agents ask {@code storaged}. A daemon that does not run serves nothing: to a monitor that is
 * "not running", to a stop it is success; a start waits a little, because it is being restarted.
 */
final class StorageDaemon {
    private static final long START_PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long RETRY_MILLIS = 50;

    private final ControlClient client;
    private final Set<String> resources = ConcurrentHashMap.newKeySet();

    StorageDaemon(ControlClient client) {
        this.client = client;
    }

    /**
     * Has {@code recheck} told every resource that was asked about, whenever the daemon dies: its
     * monitors need not wait for their interval.
     */
    void recheckWhenLost(Consumer<String> recheck) {
        client.whenLost(() -> resources.forEach(recheck));
    }

    /** The answer, or empty when the daemon does not run. */
    <A extends Answer> Optional<A> askIfRunning(AgentCall call, StorageRequest<A> request) {
        try {
            return Optional.of(askAgainWhenLost(call, request));
        } catch (DaemonUnreachableException e) {
            if (e.reach() == Reach.ABSENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The answer of a daemon that must run. */
    <A extends Answer> A ask(AgentCall call, StorageRequest<A> request)
            throws InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE_NANOS;
        while (true) {
            try {
                return askAgainWhenLost(call, request);
            } catch (DaemonUnreachableException e) {
                if (e.reach() != Reach.ABSENT || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    /** A lost connection tells nothing; every request of ours may be made twice. */
    private <A extends Answer> A askAgainWhenLost(AgentCall call, StorageRequest<A> request) {
        resources.add(call.resource());
        Duration timeout = Duration.ofMillis(call.timeoutMillis());
        try {
            return client.ask(request, timeout);
        } catch (DaemonUnreachableException e) {
            if (e.reach() != Reach.LOST) {
                throw e;
            }
            return client.ask(request, timeout);
        }
    }
}
