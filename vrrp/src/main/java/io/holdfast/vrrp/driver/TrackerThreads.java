package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.FileSettings;
import io.holdfast.vrrp.core.ProcessSettings;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.TrackerKind;
import io.holdfast.vrrp.driver.ScriptRunner.ScriptResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at scripts, files, processes and the lease, each on a thread of its own. */
final class TrackerThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrackerThreads.class);
    private static final Duration FILE_INTERVAL = Duration.ofMillis(100);
    private static final Duration PROCESS_INTERVAL = Duration.ofMillis(500);
    private static final Duration LEASE_INTERVAL = Duration.ofMillis(50);

    private final ProtocolThread protocol;
    private final Surroundings surroundings;
    private final Map<ScriptSettings, Thread> scripts = new HashMap<>();
    private final List<Thread> lookers = new ArrayList<>();

    TrackerThreads(ProtocolThread protocol, Surroundings surroundings) {
        this.protocol = protocol;
        this.surroundings = surroundings;
    }

    /** Begins to look at what is new, and no longer at what is gone. */
    synchronized void configure(RouterSettings settings) {
        scripts.entrySet()
                .removeIf(
                        entry -> {
                            boolean gone = !settings.scripts().contains(entry.getKey());
                            if (gone) {
                                entry.getValue().interrupt();
                            }
                            return gone;
                        });
        for (ScriptSettings script : settings.scripts()) {
            scripts.computeIfAbsent(
                    script, s -> look("vrrp-script-" + s.name(), () -> runForEver(s)));
        }
        lookers.forEach(Thread::interrupt);
        lookers.clear();
        if (!settings.files().isEmpty()) {
            lookers.add(look("vrrp-files", () -> readForEver(settings.files())));
        }
        if (!settings.processes().isEmpty()) {
            lookers.add(look("vrrp-processes", () -> countForEver(settings.processes())));
        }
        boolean leased = settings.instances().stream().anyMatch(i -> i.needsLease());
        if (leased) {
            lookers.add(look("vrrp-lease", this::askForEver));
        }
    }

    @Override
    public synchronized void close() {
        scripts.values().forEach(Thread::interrupt);
        lookers.forEach(Thread::interrupt);
    }

    private interface Looking {
        void forEver() throws InterruptedException;
    }

    private static Thread look(String name, Looking looking) {
        return Thread.ofVirtual()
                .name(name)
                .start(
                        () -> {
                            try {
                                looking.forEver();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt(); // told to end
                            } catch (RuntimeException e) {
                                LOG.error("{} ended", name, e);
                            }
                        });
    }

    // From start to start, as Keepalived counts it; never two at once.
    private void runForEver(ScriptSettings script) throws InterruptedException {
        long next = System.nanoTime();
        while (true) {
            ScriptResult result = surroundings.scripts().run(script);
            boolean success = result instanceof ScriptResult.Exited(int code) && code == 0;
            String reason =
                    switch (result) {
                        case ScriptResult.Exited(int code) -> "exit code " + code;
                        case ScriptResult.Killed(int signal) -> "ended by signal " + signal;
                        case ScriptResult.TimedOut() ->
                                "no answer in " + script.timeout().toMillis() + " ms";
                        case ScriptResult.NotStarted(String why) -> why;
                    };
            protocol.input(
                    now -> protocol.routers().scriptEnded(script.name(), success, reason, now));
            next = Math.max(next + script.interval().toNanos(), System.nanoTime());
            Thread.sleep(Duration.ofNanos(next - System.nanoTime()).plusNanos(1));
        }
    }

    private void readForEver(List<FileSettings> settings) throws InterruptedException {
        List<TrackedFile> files = settings.stream().map(TrackedFile::new).toList();
        while (true) {
            for (TrackedFile file : files) {
                file.changed().ifPresent(value -> tellFile(file.name(), value));
            }
            Thread.sleep(FILE_INTERVAL);
        }
    }

    private void tellFile(String name, int value) {
        protocol.input(
                now ->
                        protocol.routers()
                                .trackerChanged(
                                        TrackerKind.FILE,
                                        name,
                                        value == 0,
                                        value,
                                        "it holds " + value,
                                        now));
    }

    private void countForEver(List<ProcessSettings> processes) throws InterruptedException {
        ProcessCensus census = new ProcessCensus(processes);
        while (true) {
            census.take(System.nanoTime())
                    .forEach(
                            found ->
                                    protocol.input(
                                            now ->
                                                    protocol.routers()
                                                            .trackerChanged(
                                                                    TrackerKind.PROCESS,
                                                                    found.name(),
                                                                    found.up(),
                                                                    0,
                                                                    found.count() + " running",
                                                                    now)));
            Thread.sleep(PROCESS_INTERVAL);
        }
    }

    private void askForEver() throws InterruptedException {
        while (true) {
            boolean held = surroundings.lease().map(LeaseGate::isHeld).orElse(true);
            protocol.input(now -> protocol.routers().leaseChanged(held, now));
            Thread.sleep(LEASE_INTERVAL);
        }
    }
}
