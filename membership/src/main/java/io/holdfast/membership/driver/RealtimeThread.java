package io.holdfast.membership.driver;

import io.holdfast.base.Problem;
import io.holdfast.linux.process.RealtimeScheduling;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real-time priority for the few threads that leases hang on; ordinary where not permitted. */
final class RealtimeThread {
    private static final Logger LOG = LoggerFactory.getLogger(RealtimeThread.class);
    private static final int PRIORITY = 10;
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private RealtimeThread() {}

    /** Asks for it, for the calling platform thread. */
    static void prefer() {
        try {
            RealtimeScheduling.roundRobinForThisThread(PRIORITY).ifPresent(RealtimeThread::tell);
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("real-time priority cannot be asked for here", e);
        }
    }

    private static void tell(Problem problem) {
        if (TOLD.compareAndSet(false, true)) {
            LOG.info("{} Leases are held at ordinary priority.", problem.message());
        }
    }
}
