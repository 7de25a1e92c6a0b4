package io.holdfast.lab.cluster;

import io.holdfast.api.message.StorageRequest.VolumeCreateMetadata;
import io.holdfast.api.message.StorageRequest.VolumeNewCurrentUuid;
import io.holdfast.api.message.StorageRequest.VolumeUp;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.lab.cluster.ClusterPlan.Machine;
import io.holdfast.lab.cluster.ClusterPlan.Volume;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.lab.writer.WriterCommand;
import io.holdfast.lab.writer.WriterProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A running cluster in a lab: two servers with both daemons, a witness, a client.
 *
 * <p>Building it is what an administrator does: make machines, write the same three files on each
 * node, start the daemons, give the volumes their metadata, load the configuration.
 */
public final class LabCluster implements AutoCloseable {
    private static final long DAEMON_START_MILLIS = 60_000;
    private static final long CONNECT_MILLIS = 30_000;
    private static final long COMMAND_MILLIS = 60_000;
    private static final int KEY_BYTES = 256;

    private final ClusterPlan plan;
    private final Lab lab;
    private final HoldfastProgram program;
    private final LabNetwork ring0;
    private final LabNetwork ring1;
    private final List<LabNode> nodes;
    private final LabHost witness;
    private final LabHost client;

    private LabCluster(ClusterPlan plan, Lab lab, HoldfastProgram program) {
        this.plan = plan;
        this.lab = lab;
        this.program = program;
        this.ring0 = lab.addNetwork("replication");
        this.ring1 = lab.addNetwork("service");
        this.nodes =
                plan.servers().stream()
                        .map(server -> new LabNode(server, host(server), program))
                        .toList();
        this.witness = host(plan.witness());
        this.client =
                lab.addHost(plan.client().name())
                        .plug(
                                ring1,
                                ClusterPlan.RING1_INTERFACE,
                                plan.client().ring1(),
                                ClusterPlan.PREFIX_LENGTH);
    }

    /** Machines that are on, with their files, and nothing running on them yet. */
    public static LabCluster build(ClusterPlan plan, HoldfastProgram program) {
        Lab lab = Lab.create();
        try {
            LabCluster cluster = new LabCluster(plan, lab, program);
            cluster.writeFiles();
            lab.hosts().forEach(LabHost::powerOn);
            return cluster;
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /**
     * Starts everything and loads the configuration.
     *
     * @param told what is being done, for people
     */
    public void start(Consumer<String> told) {
        told.accept("starting the witness, and clusterd and storaged on each server");
        startWitness();
        nodes.forEach(LabNode::startDaemons);
        nodes.forEach(node -> node.awaitDaemons(DAEMON_START_MILLIS));
        told.accept("writing metadata for " + plan.volumes().size() + " volumes");
        plan.volumes().forEach(this::createMetadata);
        told.accept("loading the configuration: crm configure load update");
        loadConfiguration();
    }

    /** Starts the third vote. */
    public void startWitness() {
        Path logs = witness.root().resolve("var/log/holdfast");
        createFolders(logs);
        HostProcess ignored =
                witness.start(
                        program.command("witness"),
                        program.environment(),
                        Optional.of(logs.resolve("witness.log")));
    }

    // drbdadm create-md on both, up on both, then one of them declares both equal as they are.
    private void createMetadata(Volume volume) {
        VolumeId id = new VolumeId(volume.name());
        nodes.forEach(node -> node.askStorage(new VolumeCreateMetadata(id, false)));
        nodes.forEach(node -> node.askStorage(new VolumeUp(id)));
        Waiting.until(
                volume.name() + " is connected",
                CONNECT_MILLIS,
                () -> whatIsNotConnected(nodes.getFirst(), volume));
        nodes.getFirst().askStorage(new VolumeNewCurrentUuid(id, true));
    }

    // A connection is of use when the peer has reported its disk over it.
    private static Optional<String> whatIsNotConnected(LabNode node, Volume volume) {
        List<VolumeStatus.Peer> peers =
                node.storageStatus().volumes().stream()
                        .filter(v -> v.volume().name().equals(volume.name()))
                        .flatMap(v -> v.peers().stream())
                        .toList();
        if (peers.isEmpty()) {
            return Optional.of(volume.name() + " on " + node + " has no peer yet");
        }
        return peers.stream()
                .filter(
                        peer ->
                                peer.connection() != VolumeStatus.Connection.CONNECTED
                                        || peer.disk() == VolumeStatus.Disk.UNKNOWN)
                .map(
                        peer ->
                                "peer "
                                        + peer.node()
                                        + " is "
                                        + peer.connection().shown()
                                        + ", its disk "
                                        + peer.disk().shown())
                .findFirst();
    }

    /** As an administrator would: the crm shell's command, on the first node. */
    private void loadConfiguration() {
        LabNode node = nodes.getFirst();
        Path file = node.paths().etc().resolve("cluster.crm");
        write(file, ClusterFiles.crmText(plan), "rw-------");
        // The first view may not be quorate yet; an answer of clusterd says so.
        Waiting.until(
                "a quorate view of all servers",
                DAEMON_START_MILLIS,
                () -> {
                    ClusterPicture picture = node.picture();
                    return picture.status().view().quorate()
                                    && picture.members().size() == nodes.size()
                            ? Optional.empty()
                            : Optional.of("members are " + picture.members());
                });
        String output = run(node, "crm", "configure", "load", "update", file.toString());
        if (!output.isBlank()) {
            write(node.host().root().resolve("var/log/holdfast/crm-load.log"), output, "rw-------");
        }
    }

    /**
     * Runs a command on a node.
     *
     * @return what it printed
     * @throws ProblemException when it fails, with what it printed
     */
    public String run(LabNode node, String... arguments) {
        HostProcess process =
                node.host()
                        .start(program.command(arguments), program.environment(), Optional.empty());
        String output = process.readAll();
        try {
            if (!process.waitFor(COMMAND_MILLIS) || process.exitCode() != 0) {
                throw new ProblemException(
                        new Problem(
                                "a command failed",
                                "holdfast " + String.join(" ", arguments) + " on " + node,
                                output.strip(),
                                "see what it says, and the daemons' logs"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return output;
    }

    /**
     * Starts a writer on a host.
     *
     * @param number tells writers apart, and gives each its region of the volume
     */
    public WriterProcess startWriter(LabHost host, Volume volume, int number, int blocks) {
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.put(WriterCommand.SECRET_VARIABLE, plan.chapSecret());
        List<String> command =
                program.command(
                        "lab-writer",
                        "--portal=" + volume.floating().getHostAddress(),
                        "--target=" + volume.targetName(),
                        "--number=" + number,
                        "--first-block=" + (long) (number - 1) * blocks,
                        "--blocks=" + blocks,
                        "--chap-user=" + plan.chapUser());
        return WriterProcess.follow(host.start(command, environment, Optional.empty()));
    }

    public ClusterPlan plan() {
        return plan;
    }

    public Lab lab() {
        return lab;
    }

    public HoldfastProgram program() {
        return program;
    }

    public List<LabNode> nodes() {
        return nodes;
    }

    public LabNode node(String name) {
        return nodes.stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no server " + name));
    }

    /** The other server. */
    public LabNode peerOf(LabNode node) {
        return nodes.stream().filter(n -> !n.name().equals(node.name())).findFirst().orElseThrow();
    }

    public LabHost witness() {
        return witness;
    }

    public LabHost client() {
        return client;
    }

    public LabNetwork ring0() {
        return ring0;
    }

    public LabNetwork ring1() {
        return ring1;
    }

    /** A volume's backing file on a node, as the lab sees it. */
    public Path backingFile(LabNode node, Volume volume) {
        return node.paths().resolve(volume.file());
    }

    @Override
    public void close() {
        nodes.forEach(LabNode::close);
        lab.close();
    }

    private LabHost host(Machine machine) {
        return lab.addHost(machine.name())
                .plug(
                        ring0,
                        ClusterPlan.RING0_INTERFACE,
                        machine.ring0(),
                        ClusterPlan.PREFIX_LENGTH)
                .plug(
                        ring1,
                        ClusterPlan.RING1_INTERFACE,
                        machine.ring1(),
                        ClusterPlan.PREFIX_LENGTH);
    }

    // --- files ---

    private void writeFiles() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        List<Path> roots = new ArrayList<>();
        nodes.forEach(node -> roots.add(node.host().root()));
        roots.add(witness.root());
        for (Path root : roots) {
            Path etc = root.resolve("etc/holdfast");
            createFolders(etc);
            createFolders(root.resolve("var/lib/holdfast"));
            createFolders(root.resolve("run/holdfast"));
            write(etc.resolve("corosync.conf"), ClusterFiles.corosyncConf(plan), "rw-r--r--");
            writeKey(etc.resolve("authkey"), key);
        }
        for (LabNode node : nodes) {
            write(
                    node.paths().etc().resolve("drbd.conf"),
                    ClusterFiles.drbdConf(plan),
                    "rw-r--r--");
            plan.volumes().forEach(volume -> createBackingFile(node, volume));
        }
    }

    private void createBackingFile(LabNode node, Volume volume) {
        Path file = backingFile(node, volume);
        createFolders(file.resolveSibling(""));
        try (RandomAccessFile created = new RandomAccessFile(file.toFile(), "rw")) {
            created.setLength(volume.fileBytes());
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static void createFolders(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    private static void writeKey(Path file, byte[] key) {
        try {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.write(file, key);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static void write(Path file, String text, String permissions) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions)));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static ProblemException cannotWrite(Path file, IOException cause) {
        return new ProblemException(
                new Problem(
                        "a file of the lab cannot be written",
                        file.toString(),
                        String.valueOf(cause.getMessage()),
                        "free some space, or name another folder:"
                                + " HOLDFAST_JAVA_OPTIONS=-Djava.io.tmpdir=…"),
                cause);
    }
}
