package io.holdfast.daemon.witness;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.daemon.Shutdown;
import io.holdfast.daemon.Supervisor;
import io.holdfast.membership.driver.WitnessServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The witness: a vote without data. Its keys lie in {@code etc/holdfast/witness.d}, one file a
 * cluster, or it has the one {@code etc/holdfast/authkey}.
 */
public final class WitnessDaemon {
    private WitnessDaemon() {}

    /** Runs until the process is told to stop. */
    public static int run(HoldfastPaths paths) throws InterruptedException {
        Path many = paths.etc().resolve("witness.d");
        Path keys = Files.isDirectory(many) ? many : paths.etc().resolve("authkey");
        WitnessServer.Config config =
                new WitnessServer.Config(
                        List.of(new InetSocketAddress(WitnessServer.DEFAULT_PORT)),
                        keys,
                        paths.lib().resolve("witness"));
        return Shutdown.runUntilTold(
                () -> {
                    WitnessServer witness = WitnessServer.open(config);
                    Supervisor.tellReady();
                    return witness;
                });
    }
}
