package io.holdfast.membership.driver;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.membership.AuthKey;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.LinkStatus;
import io.holdfast.membership.Membership;
import io.holdfast.membership.MembershipConfig;
import io.holdfast.membership.MembershipListener;
import io.holdfast.membership.MembershipStatus;
import io.holdfast.membership.codec.AnnouncementCodec;
import io.holdfast.membership.codec.FrameKey;
import io.holdfast.membership.codec.Message;
import io.holdfast.membership.core.Announcement;
import io.holdfast.membership.core.Electorate;
import io.holdfast.membership.core.GroupView;
import io.holdfast.membership.core.LinkId;
import io.holdfast.membership.core.MemberEffect;
import io.holdfast.membership.core.NodeSets;
import io.holdfast.membership.core.QuorumMember;
import io.holdfast.membership.core.Timing;
import io.holdfast.membership.core.VoterRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's membership, put together. The threads:
 *
 * <pre>
 *   ring N, witness N   receive and open frames            --> membership, voter, JGroups
 *   membership          heartbeats, views, leases           --> voter, links, lease, delivery
 *   voter               this node's vote, waits for disk    --> membership, links
 *   lease               calls leaseExtended, nothing else
 *   delivery            calls the listener's other methods
 *   join, JGroups'      group communication                 --> membership
 * </pre>
 */
public final class ClusterMembership implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);
    private static final byte APPLICATION = 0;
    private static final byte ANNOUNCEMENT = 1;

    /** Heartbeats go to and fro for so long before a start looks for its group. */
    private static final long ACQUAINTANCE_NANOS = 250_000_000L;

    private static final long JOIN_RETRY_NANOS = 1_000_000_000L;

    private final MembershipConfig config;
    private final MembershipConfig.Node self;
    private final Electorate electorate;
    private final Timing timing;
    private final StateDirectory directory;
    private final long incarnation = newIncarnation();
    private final Links links;
    private final GroupChannel group;
    private final Delivery delivery = new Delivery(this::listenerDoesNotKeepUp);
    private final ProblemDesk problems = new ProblemDesk(this::deliverProblem);
    private final ConcurrentSkipListMap<LinkId, Boolean> linkStates = new ConcurrentSkipListMap<>();
    private volatile @Nullable Running running;
    private volatile ClusterView view;
    private volatile boolean closed;

    /** What there is between start and close. */
    private record Running(
            MembershipListener listener, VoterLoop voter, MemberLoop loop, LeaseTeller lease) {}

    private ClusterMembership(
            MembershipConfig config,
            AuthKey authKey,
            MembershipConfig.Node self,
            StateDirectory directory) {
        this.config = config;
        this.self = self;
        this.directory = directory;
        this.electorate =
                Electorate.of(
                        config.nodes().size(),
                        config.nodes().stream().mapToInt(MembershipConfig.Node::votes).sum(),
                        config.witness().map(MembershipConfig.Witness::votes).orElse(0),
                        config.waitForAll());
        this.timing =
                new Timing(
                        TimeUnit.MILLISECONDS.toNanos(config.heartbeatMillis()),
                        TimeUnit.MILLISECONDS.toNanos(config.suspicionMillis()),
                        TimeUnit.MILLISECONDS.toNanos(config.renewalMillis()),
                        TimeUnit.MILLISECONDS.toNanos(config.leaseMillis()));
        this.view =
                new ClusterView(
                        Term.NONE,
                        NodeSets.copyOf(List.of(self.name())),
                        self.name(),
                        false,
                        LogPosition.NONE,
                        Optional.empty());
        FrameKey key = FrameKey.of(authKey.derive("membership frames"));
        this.links = new Links(config, self, key, incarnation, new FromLinks(), problems::tell);
        this.group =
                new GroupChannel(
                        config.clusterName(),
                        self.name(),
                        incarnation,
                        links,
                        firstRingAddresses(config),
                        new FromGroup());
    }

    /**
     * Locks the state directory; nothing is sent before {@link #start}.
     *
     * @param self this host's node in the configuration
     * @throws io.holdfast.base.ProblemException when the directory is in use or the node unknown
     */
    public static ClusterMembership open(
            MembershipConfig config, AuthKey key, NodeId self, Path stateDirectory) {
        MembershipConfig.Node node = LocalNode.named(config, self);
        return new ClusterMembership(config, key, node, StateDirectory.lock(stateDirectory));
    }

    @Override
    public NodeId self() {
        return self.name();
    }

    @Override
    public void start(LogPosition logOnDisk, MembershipListener listener) {
        Invariant.check(running == null, "membership is started once");
        VoterLoop voter =
                new VoterLoop(
                        "voter",
                        directory.voterState(),
                        logOnDisk,
                        true,
                        directory.lockedAtNanos(),
                        this::answerOfOwnVoter,
                        this::votingStopped);
        QuorumMember member =
                new QuorumMember(
                        self.name(), timing, electorate, voter.acceptedTerm(), newIncarnation());
        member.positionReached(logOnDisk);
        MemberLoop loop = new MemberLoop(new FromLoop(), timing, member);
        Running started = new Running(listener, voter, loop, new LeaseTeller(listener));
        running = started;
        links.start();
        config.warnings().forEach(problems::tell);
        delivery.start();
        started.lease.start();
        voter.start();
        loop.start();
        Thread.ofPlatform().name("holdfast-join").daemon().start(() -> join(voter));
    }

    @Override
    public MembershipStatus status() {
        Running now = running;
        long leaseNanos = now == null ? 0 : now.loop.leaseUntilNanos() - System.nanoTime();
        return new MembershipStatus(
                view,
                links.links().stream().map(link -> linkStatus(link, isUp(link))).toList(),
                electorate.expectedVotes(),
                votesPresent(),
                electorate.quorum(),
                electorate.witness().map(this::isHeard),
                Math.max(0, TimeUnit.NANOSECONDS.toMillis(leaseNanos)));
    }

    @Override
    public void send(NodeId to, byte[] payload) {
        group.send(to, GroupChannel.prefixed(APPLICATION, ByteBuffer.wrap(payload)));
    }

    @Override
    public void broadcast(byte[] payload) {
        group.broadcast(GroupChannel.prefixed(APPLICATION, ByteBuffer.wrap(payload)));
    }

    @Override
    public CompletionStage<Boolean> positionReached(Term viewTerm, LogPosition position) {
        Running now = started();
        now.loop.positionReached(position);
        ClusterView current = view;
        boolean caughtUp =
                current.quorate()
                        && current.term().equals(viewTerm)
                        && position.compareTo(current.latest()) >= 0;
        return now.voter.positionReached(viewTerm, position, caughtUp);
    }

    @Override
    public CompletionStage<Void> anchorAtWitness(Term viewTerm, LogPosition position) {
        if (electorate.witness().isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no witness is configured"));
        }
        return started().loop.anchor(viewTerm, position);
    }

    @Override
    public Map<String, LoopPulse> loops() {
        Running now = running;
        return now == null
                ? Map.of()
                : Map.of(
                        "membership", now.loop.pulse(),
                        "voter", now.voter.pulse(),
                        "delivery", delivery.pulse());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Running now = running;
        if (now != null) {
            group.close();
            links.sendToNodes(new Message.Goodbye());
            now.loop.close();
            now.voter.close();
            now.lease.close();
        }
        delivery.close();
        links.close();
        directory.close();
    }

    /** For tests: dies as if killed, without a word to anybody. */
    void closeAbruptly() {
        links.close();
        close();
    }

    /** For tests: a pulled cable. */
    void setRingCut(int ring, boolean isCut) {
        links.setCut(ring, isCut);
    }

    /** Joins the group once our voter may speak and peers have had time to be heard. */
    private void join(VoterLoop voter) {
        long from = Math.max(voter.silentUntilNanos(), System.nanoTime() + ACQUAINTANCE_NANOS);
        try {
            TimeUnit.NANOSECONDS.sleep(from - System.nanoTime());
        } catch (InterruptedException e) {
            return;
        }
        while (!closed) {
            try {
                group.connect();
                return;
            } catch (IllegalStateException e) {
                LOG.warn("{} could not join its group; trying again", self.name(), e);
                LockSupport.parkNanos(JOIN_RETRY_NANOS);
            }
        }
    }

    private void answerOfOwnVoter(NodeId to, io.holdfast.membership.core.VoterAnswer answer) {
        if (to.equals(self.name())) {
            started().loop.answered(to, answer);
        } else {
            links.send(to, new Message.Answer(answer));
        }
    }

    private void votingStopped(Problem problem) {
        problems.tell(problem);
        Running now = running;
        if (now != null) {
            delivery.deliver(() -> now.listener.votingStopped(problem));
        }
    }

    /** Not through the delivery, which is what does not go on. */
    private void listenerDoesNotKeepUp() {
        Running now = running;
        if (now != null) {
            now.listener.votingStopped(
                    new Problem(
                            "this node does not keep up with its cluster",
                            self.name().name(),
                            Delivery.MOST_CALLS + " pieces of news wait to be taken",
                            "see what keeps the machine so busy; the others go on without it"));
        }
    }

    private void deliverProblem(Problem problem) {
        Running now = running;
        if (now != null) {
            delivery.deliver(() -> now.listener.problemFound(problem));
        }
    }

    private Running started() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("membership is not started");
        }
        return now;
    }

    private boolean isUp(LinkId link) {
        return linkStates.getOrDefault(link, false);
    }

    private boolean isHeard(NodeId peer) {
        return linkStates.entrySet().stream()
                .anyMatch(link -> link.getKey().peer().equals(peer) && link.getValue());
    }

    private int votesPresent() {
        int votes = self.votes();
        for (MembershipConfig.Node node : config.nodes()) {
            votes += isHeard(node.name()) ? node.votes() : 0;
        }
        return votes + (isHeard(Electorate.WITNESS) ? electorate.witnessVotes() : 0);
    }

    private LinkStatus linkStatus(LinkId link, boolean up) {
        return new LinkStatus(link.ring(), link.peer(), links.addressOf(link), up);
    }

    private static Map<NodeId, InetSocketAddress> firstRingAddresses(MembershipConfig config) {
        Map<NodeId, InetSocketAddress> first = new TreeMap<>();
        for (MembershipConfig.Node node : config.nodes()) {
            first.put(node.name(), node.addresses().firstEntry().getValue());
        }
        return first;
    }

    private static long newIncarnation() {
        // Positive, so that counting up from it never reaches 0.
        return new SecureRandom().nextLong(1, Long.MAX_VALUE / 2);
    }

    private final class FromLinks implements Links.Handler {
        @Override
        public void heartbeat(LinkId link, long peerIncarnation) {
            started().loop.heartbeat(link, peerIncarnation);
        }

        @Override
        public void message(NodeId from, Message message) {
            switch (message) {
                case Message.Request request -> requested(from, request.request());
                case Message.Answer answer -> started().loop.answered(from, answer.answer());
                case Message.GroupPacket packet -> group.packetReceived(from, packet);
                case Message.Goodbye _ -> started().loop.goodbye(from);
                case Message.Heartbeat _ -> {}
            }
        }
    }

    private void requested(NodeId from, VoterRequest request) {
        if (request instanceof VoterRequest.Proposal proposal) {
            started().loop.proposalReceived(from, proposal);
        } else {
            started().voter.request(from, request);
        }
    }

    private final class FromGroup implements GroupChannel.Handler {
        @Override
        public void viewInstalled(List<GroupChannel.Member> members) {
            SortedMap<NodeId, Integer> votes = new TreeMap<>();
            for (GroupChannel.Member member : members) {
                config.node(member.name()).ifPresent(node -> votes.put(node.name(), node.votes()));
            }
            LOG.info("group: {}", votes.keySet());
            started().loop.groupViewInstalled(new GroupView(votes, members.getFirst().name()));
        }

        @Override
        public void messageReceived(NodeId from, byte[] payload) {
            Running now = started();
            if (payload.length == 0) {
                return;
            }
            if (payload[0] == ANNOUNCEMENT) {
                AnnouncementCodec.decode(ByteBuffer.wrap(payload, 1, payload.length - 1))
                        .filter(announcement -> announcement.coordinator().equals(from))
                        .ifPresent(now.loop::announced);
            } else {
                byte[] message = Arrays.copyOfRange(payload, 1, payload.length);
                // Through the loop, so that a view it announced before is delivered before.
                now.loop.inOrder(
                        () -> delivery.deliver(() -> now.listener.messageReceived(from, message)));
            }
        }
    }

    private final class FromLoop implements MemberLoop.World {
        @Override
        public void sendHeartbeats() {
            links.sendHeartbeats();
        }

        @Override
        public void request(MemberEffect.SendRequest send) {
            VoterRequest request = send.request();
            if (send.voter().equals(self.name())) {
                started().voter.request(self.name(), request);
            } else {
                links.send(send.voter(), new Message.Request(request));
            }
        }

        @Override
        public void askOwnVoter(NodeId proposer, VoterRequest.Proposal proposal) {
            started().voter.request(proposer, proposal);
        }

        @Override
        public void announce(Announcement announcement) {
            group.broadcastAtOnce(
                    GroupChannel.prefixed(ANNOUNCEMENT, AnnouncementCodec.encode(announcement)));
        }

        @Override
        public void viewChanged(ClusterView changed) {
            Running now = started();
            view = changed;
            LOG.info("{}", changed);
            delivery.deliver(() -> now.listener.viewChanged(changed));
        }

        @Override
        public void caughtUp(Term viewTerm, LogPosition position) {
            started().voter.caughtUp(viewTerm, position);
        }

        @Override
        public void leaseExtended(Term term, long untilNanos) {
            started().lease.tell(term, untilNanos);
        }

        @Override
        public void linkChanged(LinkId link, boolean up) {
            Running now = started();
            linkStates.put(link, up);
            LinkStatus status = linkStatus(link, up);
            LOG.info("{}", status);
            delivery.deliver(() -> now.listener.linkChanged(status));
        }

        @Override
        public void peerGone(NodeId peer, OptionalLong onlyIncarnation) {
            group.suspect(
                    member ->
                            member.name().equals(peer)
                                    && (onlyIncarnation.isEmpty()
                                            || onlyIncarnation.getAsLong()
                                                    == member.incarnation()));
        }

        @Override
        public void report(Problem problem) {
            problems.tell(problem);
        }

        @Override
        public Term ownAcceptedTerm() {
            return started().voter.acceptedTerm();
        }
    }
}
