package io.holdfast.daemon;

import io.holdfast.linux.net.ServiceNotification;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever started this daemon and starts it again: systemd, or nobody (docs/adr/0005). */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Optional<ServiceNotification> MANAGER =
            ServiceNotification.fromEnvironment();

    private Supervisor() {}

    /** The daemon answers requests now. */
    public static void tellReady() {
        tell("READY=1");
    }

    /** Every loop is well; not said for too long, the supervisor ends the process. */
    public static void tellAlive() {
        tell("WATCHDOG=1");
    }

    public static void tellStopping() {
        tell("STOPPING=1");
    }

    private static void tell(String assignment) {
        try {
            MANAGER.ifPresent(manager -> manager.send(assignment));
        } catch (RuntimeException e) {
            LOG.warn("the service manager was not told {}: {}", assignment, e.getMessage());
        }
    }
}
