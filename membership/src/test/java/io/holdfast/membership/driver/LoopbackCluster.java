package io.holdfast.membership.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.membership.AuthKey;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.LinkStatus;
import io.holdfast.membership.MembershipConfig;
import io.holdfast.membership.MembershipListener;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A cluster on this host: rings are ports of loopback addresses of their own. */
final class LoopbackCluster implements AutoCloseable {
    static final int LEASE_MILLIS = 600;

    private final Path directory;
    private final MembershipConfig config;
    private final AuthKey key;
    private final Path keyFile;
    private final List<Runnable> open = new ArrayList<>();

    /** A started member and what its listener heard. */
    static final class Member implements MembershipListener {
        final ClusterMembership membership;
        final List<ClusterView> views = new CopyOnWriteArrayList<>();
        final List<LinkStatus> links = new CopyOnWriteArrayList<>();
        final List<Problem> problems = new CopyOnWriteArrayList<>();
        final List<String> messages = new CopyOnWriteArrayList<>();
        volatile long leaseUntilNanos = System.nanoTime();
        volatile Term leaseTerm = Term.NONE;

        Member(ClusterMembership membership) {
            this.membership = membership;
        }

        ClusterView view() {
            return views.isEmpty() ? membership.status().view() : views.getLast();
        }

        boolean mayAct() {
            return leaseUntilNanos > System.nanoTime();
        }

        boolean isQuorateWith(int members) {
            ClusterView view = view();
            return view.quorate()
                    && view.members().size() == members
                    && leaseTerm.equals(view.term())
                    && mayAct();
        }

        @Override
        public void viewChanged(ClusterView view) {
            views.add(view);
        }

        @Override
        public void messageReceived(NodeId from, byte[] payload) {
            messages.add(from + ":" + payload.length);
        }

        @Override
        public void leaseExtended(Term term, long untilNanos) {
            leaseUntilNanos = untilNanos;
            leaseTerm = term;
        }

        @Override
        public void linkChanged(LinkStatus link) {
            links.add(link);
        }

        @Override
        public void problemFound(Problem problem) {
            problems.add(problem);
        }
    }

    LoopbackCluster(Path directory, int nodes, boolean witness) throws IOException {
        this.directory = directory;
        List<MembershipConfig.Node> all = new ArrayList<>();
        for (int n = 1; n <= nodes; n++) {
            TreeMap<Integer, InetSocketAddress> addresses = new TreeMap<>();
            addresses.put(0, freeAddress("127.0.10." + n));
            addresses.put(1, freeAddress("127.0.20." + n));
            all.add(new MembershipConfig.Node(new NodeId("n" + n), n, 1, addresses));
        }
        this.config =
                new MembershipConfig(
                        "test",
                        all,
                        witness
                                ? Optional.of(
                                        new MembershipConfig.Witness(
                                                List.of(freeAddress("127.0.30.1")), 1))
                                : Optional.empty(),
                        false,
                        100,
                        400,
                        150,
                        LEASE_MILLIS,
                        List.of());
        this.keyFile = directory.resolve("authkey");
        writeKey(keyFile, 1);
        this.key = AuthKey.read(keyFile);
    }

    static void writeKey(Path file, int seed) throws IOException {
        byte[] bytes = new byte[128];
        new java.util.Random(seed).nextBytes(bytes);
        Files.write(file, bytes);
        Files.setPosixFilePermissions(
                file, java.nio.file.attribute.PosixFilePermissions.fromString("r--------"));
    }

    MembershipConfig config() {
        return config;
    }

    Member start(int node) {
        return start(node, key);
    }

    Member start(int node, AuthKey withKey) {
        NodeId self = new NodeId("n" + node);
        ClusterMembership membership =
                ClusterMembership.open(config, withKey, self, directory.resolve("state-" + self));
        Member member = new Member(membership);
        open.add(membership::close);
        membership.start(LogPosition.NONE, member);
        return member;
    }

    WitnessServer startWitness() {
        WitnessServer witness =
                WitnessServer.open(
                        new WitnessServer.Config(
                                config.witness().orElseThrow().addresses(),
                                keyFile,
                                directory.resolve("state-witness")));
        open.add(witness::close);
        return witness;
    }

    /** Waits for it, and tells how long it took. */
    static long millisUntil(BooleanSupplier condition, String what) {
        long started = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - started > TimeUnit.SECONDS.toNanos(15)) {
                throw new AssertionError("it did not come true in 15 s: " + what);
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    }

    @Override
    public void close() {
        open.reversed().forEach(Runnable::run);
    }

    static InetSocketAddress freeAddress(String host) throws IOException {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(host), 0))) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }
}
