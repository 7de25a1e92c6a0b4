package io.holdfast.replication.driver;

import io.holdfast.base.NodeId;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.VolumeEvent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls drbd.conf's handlers, one after the other, with DRBD's environment: {@code DRBD_RESOURCE},
 * {@code DRBD_VOLUME}, {@code DRBD_MINOR}, {@code DRBD_LL_DISK}, {@code DRBD_PEER}. The volume goes
 * on meanwhile: nothing waits for a handler, and its exit code changes nothing.
 */
final class Handlers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);
    private static final long PATIENCE_SECONDS = 60;

    private final VolumeConfig volume;
    private final NodeId self;
    private final ExecutorService caller =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("handlers").factory());

    Handlers(VolumeConfig volume, NodeId self) {
        this.volume = volume;
        this.self = self;
    }

    void call(VolumeEvent event, NodeId peer, DiskState disk) {
        String command = volume.handlers().get(event.handler());
        if (command != null && !caller.isShutdown()) {
            caller.execute(() -> run(event, command, peer, disk));
        }
    }

    private void run(VolumeEvent event, String command, NodeId peer, DiskState disk) {
        LOG.info("{}: calling handler {}: {}", volume.id(), event.handler(), command);
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Map<String, String> environment = builder.environment();
        String name = volume.id().name();
        int dot = name.lastIndexOf('.');
        boolean numbered = dot > 0 && name.substring(dot + 1).chars().allMatch(Character::isDigit);
        environment.put("DRBD_RESOURCE", numbered ? name.substring(0, dot) : name);
        environment.put("DRBD_VOLUME", numbered ? name.substring(dot + 1) : "0");
        environment.put("DRBD_MINOR", volume.device().replaceFirst("\\D+", ""));
        environment.put("DRBD_PEER", peer.name());
        environment.put("DRBD_DISK", disk.shown());
        volume.replicaOn(self).ifPresent(r -> environment.put("DRBD_LL_DISK", r.disk().toString()));
        try {
            Process process = builder.start();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.info(
                        "{}: handler {} ended with {}",
                        volume.id(),
                        event.handler(),
                        process.exitValue());
            } else {
                process.destroyForcibly();
                LOG.warn(
                        "{}: handler {} was ended: it took longer than {} s",
                        volume.id(),
                        event.handler(),
                        PATIENCE_SECONDS);
            }
        } catch (IOException e) {
            LOG.warn("{}: handler {} could not be called", volume.id(), event.handler(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was called still runs to its end. */
    @Override
    public void close() {
        caller.shutdown();
    }
}
