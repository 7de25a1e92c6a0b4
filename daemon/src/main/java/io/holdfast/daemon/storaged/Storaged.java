package io.holdfast.daemon.storaged;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.ControlServer;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.base.NodeId;
import io.holdfast.daemon.Shutdown;
import io.holdfast.daemon.Supervisor;
import io.holdfast.executor.address.AddressReaper;
import io.holdfast.iscsi.driver.IscsiTargetService;
import io.holdfast.membership.driver.MembershipFiles;
import io.holdfast.replication.codec.DrbdConf;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.driver.VolumeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of storaged: lease page, right to act, volumes, targets, control socket, in this
 * order. It starts with every volume down; clusterd's executor brings up what the cluster wants
 * here.
 */
public final class Storaged implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Storaged.class);

    private final LeasePageReader page;
    private final ControlClient clusterd;
    private final VolumeNews news;
    private final VolumeService volumes;
    private final Targets targets;
    private final AddressReaper reaper;
    private final ControlServer server;

    private Storaged(HoldfastPaths paths) {
        NodeId self = paths.node();
        MembershipFiles cluster = MembershipFiles.read(paths.etc());
        ReplicationConfig config = configuration(paths, cluster);
        page = LeasePageReader.open(paths.leasePage());
        clusterd = new ControlClient(paths.clusterSocket());
        news = new VolumeNews(clusterd);
        volumes =
                VolumeService.open(
                        config,
                        self,
                        new PagedRight(page, clusterd),
                        cluster.key().derive("replication"),
                        news);
        targets = new Targets(cluster.config().clusterName(), new IscsiTargetService(), volumes);
        reaper = new AddressReaper(page);
        server =
                ControlServer.start(
                        paths.storageSocket(),
                        new StorageRequests(
                                self,
                                volumes,
                                targets,
                                page,
                                () -> volumes.adjust(configuration(paths, cluster))));
        Supervisor.tellReady();
        TargetRehearsal.begin();
        LOG.info("storaged of {} serves {} volumes", self, volumes.volumes().size());
    }

    private static ReplicationConfig configuration(HoldfastPaths paths, MembershipFiles cluster) {
        ReplicationConfig config = DrbdConf.read(paths.etc().resolve("drbd.conf"));
        config.warnings().forEach(warning -> LOG.warn("{}", warning.message()));
        return ReplicationPaths.withEveryRing(config, cluster.config()).under(paths.root());
    }

    /** Runs until the process is told to stop. */
    public static int run(HoldfastPaths paths) throws InterruptedException {
        return Shutdown.runUntilTold(() -> new Storaged(paths));
    }

    @Override
    public void close() {
        server.close();
        targets.close();
        volumes.close();
        reaper.close();
        news.close();
        clusterd.close();
        page.close();
    }
}
