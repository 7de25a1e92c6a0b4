package io.holdfast.membership.driver;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.membership.AuthKey;
import io.holdfast.membership.codec.FrameHeader;
import io.holdfast.membership.codec.FrameKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The third vote, for many clusters at once: a {@link io.holdfast.membership.core.Voter} for each
 * key, behind UDP. It answers authenticated frames only, keeps no data but its votes, and needs no
 * knowledge of the clusters but their keys; a key file added while it runs is found when its
 * cluster first speaks.
 */
public final class WitnessServer implements AutoCloseable {
    /** corosync-qnetd's port. */
    public static final int DEFAULT_PORT = 5403;

    /**
     * What a witness needs.
     *
     * @param addresses to listen on; the wildcard for all
     * @param keys one authkey file, or a directory of them, one a cluster
     * @param stateDirectory votes are kept here, in a folder for each key
     */
    public record Config(List<InetSocketAddress> addresses, Path keys, Path stateDirectory) {
        public Config {
            addresses = List.copyOf(addresses);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
    private static final long KEY_SCAN_NANOS = 2_000_000_000L;

    private final Config config;
    private final StateDirectory directory;
    private final List<DatagramPort> ports = new ArrayList<>();
    private final Map<Long, WitnessedCluster> clusters = new ConcurrentHashMap<>();
    private final ProblemDesk problems = new ProblemDesk(problem -> {});
    private final AtomicLong notOurs = new AtomicLong();
    private long scannedAtNanos;

    private WitnessServer(Config config, StateDirectory directory) {
        this.config = config;
        this.directory = directory;
    }

    /**
     * Opens and serves until closed.
     *
     * @throws ProblemException when no key can be read, a state is damaged or in use, or a port is
     *     taken
     */
    public static WitnessServer open(Config config) {
        StateDirectory directory = StateDirectory.lock(config.stateDirectory());
        WitnessServer server = new WitnessServer(config, directory);
        try {
            server.readKeys();
            for (InetSocketAddress address : config.addresses()) {
                String name = "witness-" + server.ports.size();
                server.ports.add(new DatagramPort(name, address, server::received));
            }
            server.ports.forEach(DatagramPort::start);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** How many clusters it has keys of. */
    public int clusterCount() {
        return clusters.size();
    }

    @Override
    public void close() {
        ports.forEach(DatagramPort::close);
        clusters.values().forEach(WitnessedCluster::close);
        directory.close();
    }

    private void received(DatagramPort port, InetSocketAddress from, ByteBuffer datagram) {
        FrameHeader header = FrameHeader.get(datagram).orElse(null);
        if (header == null) {
            notOurs.incrementAndGet();
            return;
        }
        WitnessedCluster cluster = clusters.get(header.keyId());
        if (cluster == null) {
            cluster = lookForNewKey(header.keyId());
        }
        if (cluster == null) {
            problems.tell(unknownKey(from, header.sender()));
            return;
        }
        cluster.received(port, from, header, datagram);
    }

    private synchronized @org.jspecify.annotations.Nullable WitnessedCluster lookForNewKey(
            long keyId) {
        long now = System.nanoTime();
        if (now - scannedAtNanos > KEY_SCAN_NANOS) {
            try {
                readKeys();
            } catch (ProblemException e) {
                problems.tell(e.problem());
            }
        }
        return clusters.get(keyId);
    }

    private synchronized void readKeys() {
        scannedAtNanos = System.nanoTime();
        List<Path> files = keyFiles();
        for (Path file : files) {
            addCluster(file);
        }
        if (clusters.isEmpty()) {
            throw new ProblemException(
                    new Problem(
                            "there is no key to witness for",
                            config.keys().toString(),
                            "it has no file",
                            "copy the authkey of each cluster there, one file a cluster"));
        }
    }

    private List<Path> keyFiles() {
        if (!Files.isDirectory(config.keys())) {
            return List.of(config.keys());
        }
        try (Stream<Path> entries = Files.list(config.keys())) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the keys cannot be listed",
                            config.keys().toString(),
                            e.toString(),
                            "make the folder readable for this user"),
                    e);
        }
    }

    private void addCluster(Path keyFile) {
        FrameKey key = FrameKey.of(AuthKey.read(keyFile).derive("membership frames"));
        if (clusters.containsKey(key.id())) {
            return;
        }
        Path folder = directory.path().resolve(String.format("%016x", key.id()));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "no folder for a cluster's votes",
                            folder.toString(),
                            e.toString(),
                            "make the state directory writable, and see df"),
                    e);
        }
        WitnessedCluster cluster =
                new WitnessedCluster(
                        key, new VoterStateFile(folder), directory.lockedAtNanos(), problems::tell);
        clusters.put(key.id(), cluster);
        LOG.info("witness for the cluster of {}: votes in {}", keyFile, folder);
    }

    private static Problem unknownKey(InetSocketAddress from, NodeId claimed) {
        return new Problem(
                "a node's cluster has no key here",
                from.getAddress().getHostAddress(),
                "it calls itself " + claimed + "; it is not answered",
                "copy its cluster's authkey to this witness, if it is one of yours");
    }
}
