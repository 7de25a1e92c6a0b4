package io.holdfast.daemon;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.clusterd.Clusterd;
import io.holdfast.daemon.storaged.Storaged;
import io.holdfast.daemon.witness.WitnessDaemon;
import io.holdfast.iscsi.command.IscsiCommand;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code holdfast clusterd | storaged | witness | iscsi serve}: runs one daemon in the foreground
 * until it is told to stop. Exit codes: 0 stopped, 64 wrong usage, 70 a bug, 75 hung (the
 * watchdog's word), 78 cannot start.
 */
public final class DaemonMain {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonMain.class);
    private static final int USAGE = 64;
    private static final int BUG = 70;
    private static final int CANNOT_START = 78;

    private static final String HELP =
            """
            Usage: holdfast clusterd | storaged | witness | iscsi ...

            Runs one daemon in the foreground. Files lie under HOLDFAST_ROOT (default /):
              etc/holdfast/corosync.conf, authkey, drbd.conf   configuration
              var/lib/holdfast                                 what outlives a restart
              run/holdfast                                     sockets and the lease page
            The node is called as the machine is, or HOLDFAST_NODE_NAME.

              clusterd   membership, quorum, configuration, resources
              storaged   replicated volumes and iSCSI targets
              witness    a third vote, on a machine that is no node
              iscsi      targets, discovery and multipath without a cluster; see: holdfast iscsi --help
            """;

    private DaemonMain() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        String daemon = args.length == 0 ? "" : args[0];
        if (daemon.isEmpty() || (args.length > 1 && !daemon.equals("iscsi"))) {
            System.out.print(HELP);
            return args.length > 1 && args[1].equals("--help") ? 0 : USAGE;
        }
        try {
            return switch (daemon) {
                case "clusterd" -> Clusterd.run(HoldfastPaths.fromEnvironment());
                case "storaged" -> Storaged.run(HoldfastPaths.fromEnvironment());
                case "witness" -> WitnessDaemon.run(HoldfastPaths.fromEnvironment());
                case "iscsi" -> IscsiCommand.execute(Arrays.copyOfRange(args, 1, args.length));
                default -> {
                    System.out.print(HELP);
                    yield USAGE;
                }
            };
        } catch (ProblemException e) {
            LOG.error("{} cannot start: {}", daemon, e.problem().message());
            System.err.println("holdfast " + daemon + ": " + e.problem().message());
            return CANNOT_START;
        } catch (InterruptedException e) {
            return 0;
        } catch (RuntimeException e) {
            LOG.error("{} ended by a bug", daemon, e);
            return BUG;
        }
    }
}
