package io.holdfast.lab.cluster;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.control.ControlClient;
import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.api.message.ClusterRequest.NodeStandby;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.StorageRequest.StorageStatusQuery;
import io.holdfast.api.message.StorageStatus;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.cluster.ClusterPlan.Machine;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server of the cluster: its host, its daemons, and their control sockets. */
public final class LabNode implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofMillis(500);
    private static final Duration STATUS_ANSWER = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Machine machine;
    private final LabHost host;
    private final HoldfastProgram program;
    private final HoldfastPaths paths;
    private final ControlClient clusterd;
    private final ControlClient storaged;
    private final Map<String, HostProcess> daemons = new LinkedHashMap<>();

    LabNode(Machine machine, LabHost host, HoldfastProgram program) {
        this.machine = machine;
        this.host = host;
        this.program = program;
        this.paths = new HoldfastPaths(host.root(), new NodeId(machine.name()));
        this.clusterd = new ControlClient(paths.clusterSocket(), CONNECT, ANSWER);
        this.storaged = new ControlClient(paths.storageSocket(), CONNECT, ANSWER);
    }

    public String name() {
        return machine.name();
    }

    public NodeId id() {
        return paths.node();
    }

    public Machine machine() {
        return machine;
    }

    public LabHost host() {
        return host;
    }

    public HoldfastPaths paths() {
        return paths;
    }

    /** Starts a daemon: {@code clusterd} or {@code storaged}. */
    public synchronized void startDaemon(String name) {
        Path logs = host.root().resolve("var/log/holdfast");
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the folder for logs cannot be made",
                            logs.toString(),
                            String.valueOf(e.getMessage()),
                            "free some space in the lab's directory"),
                    e);
        }
        Path log = logs.resolve(name + ".log");
        HostProcess daemon =
                host.start(program.command(name), program.environment(), Optional.of(log));
        daemon.whenEnded(code -> noteEnd(log, code));
        daemons.put(name, daemon);
    }

    // A daemon that is killed or crashes cannot say so itself.
    private static void noteEnd(Path log, int code) {
        try {
            Files.writeString(
                    log,
                    "--- "
                            + LocalTime.now(ZoneId.systemDefault())
                            + " the process ended with code "
                            + code
                            + "\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The lab is being deleted, and the log with it.
        }
    }

    /** Starts both daemons, storage first: clusterd's first monitors then find it. */
    public void startDaemons() {
        startDaemon("storaged");
        startDaemon("clusterd");
    }

    /**
     * Waits until both daemons answer.
     *
     * @throws ProblemException with the end of the log of the one that does not
     */
    public void awaitDaemons(long timeoutMillis) {
        Waiting.until("daemons of " + name() + " answer", timeoutMillis, this::whatDoesNotAnswer);
    }

    private Optional<String> whatDoesNotAnswer() {
        synchronized (this) {
            for (Map.Entry<String, HostProcess> daemon : daemons.entrySet()) {
                if (!daemon.getValue().isAlive()) {
                    throw new Waiting.Hopeless(
                            new Problem(
                                    "a daemon has ended",
                                    daemon.getKey() + " on " + name(),
                                    "the end of its log: " + endOfLog(daemon.getKey()),
                                    "see what it says"));
                }
            }
        }
        storageStatus();
        status();
        return Optional.empty();
    }

    /** The last lines of a daemon's log. */
    public String endOfLog(String daemon) {
        Path log = host.root().resolve("var/log/holdfast").resolve(daemon + ".log");
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException e) {
            return "no log (" + e.getMessage() + ")";
        }
    }

    /** Sends a signal to one daemon alone. */
    public synchronized boolean signalDaemon(String name, int signal) {
        HostProcess daemon = daemons.get(name);
        return daemon != null && daemon.signal(signal);
    }

    public ClusterStatus status() {
        return clusterd.ask(new ClusterStatusQuery(), STATUS_ANSWER);
    }

    public ClusterPicture picture() {
        return new ClusterPicture(status());
    }

    /** The status, unless the node is off or its daemon does not answer. */
    public Optional<ClusterPicture> pictureIfAny() {
        if (!host.isOn()) {
            return Optional.empty();
        }
        try {
            return Optional.of(picture());
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    public StorageStatus storageStatus() {
        return storaged.ask(new StorageStatusQuery(), STATUS_ANSWER);
    }

    /** Asks storaged for something; what it refuses is thrown. */
    public void askStorage(StorageRequest<?> request) {
        Object ignored = storaged.ask(request);
    }

    /** Moves everything off a node, or lets it work again; told through this node. */
    public void standby(LabNode other, boolean standby) {
        Done ignored =
                clusterd.ask(new NodeStandby(other.id(), standby, AttributeLifetime.FOREVER));
    }

    /** Power off: the host is silent and dead at once. */
    public void powerOff() {
        host.powerOff();
        synchronized (this) {
            daemons.clear();
        }
    }

    @Override
    public void close() {
        clusterd.close();
        storaged.close();
    }

    @Override
    public String toString() {
        return name();
    }
}
