package io.holdfast.membership.driver;

import io.holdfast.base.Term;
import io.holdfast.membership.MembershipListener;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that tells lease extensions and does nothing else. When the listener was slow, it sees
 * the latest extension alone.
 */
final class LeaseTeller implements AutoCloseable {
    private record Extension(Term term, long untilNanos) {}

    private static final Logger LOG = LoggerFactory.getLogger(LeaseTeller.class);

    private final MembershipListener listener;
    private final AtomicReference<@Nullable Extension> latest = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closed;

    LeaseTeller(MembershipListener listener) {
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("holdfast-lease").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void tell(Term term, long untilNanos) {
        latest.set(new Extension(term, untilNanos));
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        RealtimeThread.prefer();
        while (!closed) {
            Extension extension = latest.getAndSet(null);
            if (extension == null) {
                LockSupport.park(this);
                continue;
            }
            try {
                listener.leaseExtended(extension.term, extension.untilNanos);
            } catch (RuntimeException e) {
                LOG.error("a lease extension was not taken", e);
            }
        }
    }
}
