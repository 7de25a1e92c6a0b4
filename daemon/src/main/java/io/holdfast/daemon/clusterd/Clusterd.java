package io.holdfast.daemon.clusterd;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.ControlServer;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.controller.core.Votes;
import io.holdfast.controller.driver.Controller;
import io.holdfast.controller.driver.ExecutorPort;
import io.holdfast.controller.driver.LeaseKeeper;
import io.holdfast.controller.driver.StateStore;
import io.holdfast.controller.driver.VolumeAuthority;
import io.holdfast.daemon.Late;
import io.holdfast.daemon.Shutdown;
import io.holdfast.daemon.Supervisor;
import io.holdfast.daemon.Watchdog;
import io.holdfast.executor.Executor;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.address.FloatingAddresses;
import io.holdfast.executor.builtin.BuiltInAgents;
import io.holdfast.executor.driver.LeaseWatch;
import io.holdfast.executor.driver.LocalExecutor;
import io.holdfast.executor.external.ExternalAgents;
import io.holdfast.linux.process.MemoryLock;
import io.holdfast.membership.Membership;
import io.holdfast.membership.MembershipConfig;
import io.holdfast.membership.core.Electorate;
import io.holdfast.membership.driver.ClusterMembership;
import io.holdfast.membership.driver.MembershipFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of clusterd, in the order in which things must exist:
 *
 * <pre>
 * lease page, and who may write what on it (LeaseKeeper)
 *   agents and the executor that runs them
 *     the agreed state on disk
 *       membership
 *         the controller
 *           the control socket
 * </pre>
 *
 * Parts that know each other in a circle are handed a {@link Late}.
 */
public final class Clusterd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Clusterd.class);

    private static final int BUG = 70;

    /** Less than what {@link Shutdown} and the unit allow for the whole end. */
    private static final long STOP_SECONDS = 40;

    private static final long WATCHDOG_PERIOD_MILLIS = 1_000;

    private final LeasePageWriter page;
    private final LeasePageReader pageReader;
    private final ControlClient storaged;
    private final FloatingAddresses addresses;
    private final BuiltInAgents agents;
    private final LocalExecutor executor;
    private final LeaseWatch leaseWatch;
    private final StateStore store;
    private final Membership membership;
    private final Controller controller;
    private final ClusterNews news;
    private final ControlServer server;
    private final Watchdog watchdog;

    private Clusterd(HoldfastPaths paths) {
        NodeId self = paths.node();
        MembershipFiles cluster = MembershipFiles.read(paths.etc());
        MembershipConfig config = cluster.config();
        requireListed(self, config, paths.etc().resolve("corosync.conf"));
        Late<Controller> lateController = new Late<>();
        Late<Executor> lateExecutor = new Late<>();
        Timeline timeline = new Timeline(self);
        Warnings warnings = new Warnings();
        config.warnings().forEach(warnings::add);
        // A page fault that waits for a disk could be taken for a death.
        MemoryLock.lockAll().ifPresent(warnings::add);

        page = LeasePageWriter.open(paths.leasePage());
        pageReader = LeasePageReader.open(paths.leasePage());
        LeaseKeeper leases = new LeaseKeeper(self, page);
        storaged = new ControlClient(paths.storageSocket());
        Leftovers.giveUp(storaged);
        addresses =
                new FloatingAddresses(
                        pageReader::actingUntilNanos,
                        page,
                        resource -> lateExecutor.get().recheck(resource));
        VolumeAuthority volumes = new VolumeAuthority(self, leases, lateController);
        TransientAttributes attributes = new TransientAttributes();
        agents =
                new BuiltInAgents(
                        paths, storaged, volumes, attributes, addresses, new ExternalAgents());
        ExecutorPort port = new ExecutorPort(self, leases, lateExecutor, lateController);
        executor = new LocalExecutor(agents, attributes, port);
        lateExecutor.set(executor);
        agents.recheckThrough(executor::recheck);
        store = StateStore.open(paths.lib().resolve("cluster"));
        leases.recordsChanged(store.state());
        membership =
                ClusterMembership.open(config, cluster.key(), self, paths.lib().resolve("voter"));
        news = new ClusterNews(leases, lateController, storaged, timeline, warnings);
        controller =
                new Controller(
                        self,
                        votes(config),
                        store,
                        membership,
                        port,
                        agents::hearsNotifications,
                        news);
        lateController.set(controller);
        ClusterStatusView status =
                new ClusterStatusView(
                        config.clusterName(),
                        membership,
                        config.witness().isPresent() ? Electorate.WITNESS : null,
                        names(config),
                        controller,
                        storaged,
                        () -> warnings.with(controller.state().cib()));
        executor.rememberIn(paths.run().resolve("outliving.xml"));
        leaseWatch = new LeaseWatch(pageReader::actingUntilNanos, this::isMaintenance, executor);
        controller.start();
        membership.start(store.state().position(), news);
        server =
                ControlServer.start(
                        paths.clusterSocket(),
                        new ClusterRequests(
                                controller,
                                volumes,
                                storaged,
                                timeline,
                                status::now,
                                change -> agents.drbd().volumeChanged(change.volume())));
        Map<String, LoopPulse> loops = new TreeMap<>(membership.loops());
        loops.put("controller", controller.pulse());
        loops.put("executor", executor.pulse());
        watchdog = new Watchdog(loops, WATCHDOG_PERIOD_MILLIS, Supervisor::tellAlive);
        watchdog.start();
        Supervisor.tellReady();
        LOG.info("clusterd of {} is up: cluster {}", self, config.clusterName());
    }

    /** Runs until the process is told to stop. */
    public static int run(HoldfastPaths paths) throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler(Clusterd::threadDied);
        return Shutdown.runUntilTold(() -> new Clusterd(paths));
    }

    /**
     * A platform thread that is gone (membership's, the executor's) would leave a node that keeps
     * its lease and takes part in nothing. Virtual threads answer one request each.
     */
    private static void threadDied(Thread thread, Throwable cause) {
        LOG.error("thread {} ended by {}", thread.getName(), cause.toString(), cause);
        if (!thread.isVirtual()) {
            Runtime.getRuntime().halt(BUG);
        }
    }

    private boolean isMaintenance() {
        return "true".equals(controller.state().cib().property("maintenance-mode"));
    }

    private void stopOutliving() {
        if (isMaintenance()) {
            return;
        }
        try {
            executor.stopOutliving().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("not all was stopped within {} s; the next clusterd goes on", STOP_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Votes votes(MembershipConfig config) {
        SortedMap<NodeId, Integer> ofNodes = new TreeMap<>();
        config.nodes().forEach(node -> ofNodes.put(node.name(), node.votes()));
        return new Votes(ofNodes, config.quorum());
    }

    private static SortedSet<NodeId> names(MembershipConfig config) {
        SortedSet<NodeId> names = new TreeSet<>();
        config.nodes().forEach(node -> names.add(node.name()));
        return names;
    }

    private static void requireListed(NodeId self, MembershipConfig config, Path file) {
        if (config.node(self).isEmpty()) {
            throw new ProblemException(
                    new Problem(
                            "this node is not in the configuration",
                            file.toString(),
                            "it names " + names(config) + ", and this machine is called " + self,
                            "add a node section for " + self + ", or set HOLDFAST_NODE_NAME"));
        }
    }

    /**
     * An orderly end. What no lease gates is stopped while this node's lease still runs, so that it
     * never runs twice; the rest is left as it is, and the lease's end stops it.
     */
    @Override
    public void close() {
        watchdog.close();
        server.close();
        leaseWatch.close();
        stopOutliving();
        membership.close();
        controller.close();
        executor.close();
        agents.close();
        addresses.close();
        page.close();
        pageReader.close();
        store.close();
        storaged.close();
    }
}
