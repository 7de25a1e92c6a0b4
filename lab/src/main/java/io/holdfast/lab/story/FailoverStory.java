package io.holdfast.lab.story;

import com.google.errorprone.annotations.FormatMethod;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.cluster.ClusterPicture;
import io.holdfast.lab.cluster.ClusterPlan.Volume;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.cluster.LabNode;
import io.holdfast.lab.cluster.Waiting;
import io.holdfast.lab.story.StepResult.Replicas;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.lab.writer.AckTimeline;
import io.holdfast.lab.writer.WriterProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Plays the story on a cluster: a client writes to the first volume all the while, and in each step
 * something happens to the server that has it.
 *
 * <pre>
 * begin           daemons, configuration, every volume on its preferred server, the client writes
 * plannedMove     standby of the active server, and back to duty: the volume stays where it went
 * serverKilled    the active server loses its power
 * serverReturned  it comes back, is resynced, and stays second
 * ringCut         the other server loses one ring, then the other ring: nothing moves
 * partition       the active server loses both rings; a second writer, inside it, must have its last
 *                 acknowledgement before the client has its first from the other half
 * </pre>
 *
 * After each step every acknowledged block is read back, and the replicas' files are compared when
 * both are there. Steps may be left out, but serverReturned needs serverKilled before it.
 */
public final class FailoverStory implements AutoCloseable {
    /** 8 MiB a writer: at a block every 10 ms it comes round after 20 s. */
    public static final int BLOCKS_PER_WRITER = 2048;

    private static final int INSIDE_WRITER = 2;
    private static final long STEADY_MILLIS = 600;
    private static final long FOLLOW_MILLIS = 700;
    private static final long START_MILLIS = 60_000;
    private static final long MOVE_MILLIS = 30_000;
    private static final long SYNC_MILLIS = 60_000;
    private static final long WRITER_MILLIS = 30_000;
    private static final long LINK_MILLIS = 5_000;
    private static final long CUT_MILLIS = 1_000;
    private static final long AGREEMENT_MILLIS = 10_000;
    private static final String NOBODY = "nobody";

    private final LabCluster cluster;
    private final StoryListener listener;
    private final Volume volume;
    private Optional<WriterProcess> client = Optional.empty();

    public FailoverStory(LabCluster cluster, StoryListener listener) {
        this.cluster = cluster;
        this.listener = listener;
        this.volume = cluster.plan().volumes().getFirst();
    }

    private interface Body {
        void play(Notes notes) throws InterruptedException;
    }

    /** What a step notes while it is played. */
    private static final class Notes {
        final List<String> facts = new ArrayList<>();
        final List<String> failures = new ArrayList<>();

        @FormatMethod
        void fact(String format, Object... arguments) {
            facts.add(String.format(Locale.ROOT, format, arguments));
        }

        void require(boolean holds, String otherwise) {
            if (!holds) {
                failures.add(otherwise);
            }
        }
    }

    /** Starts everything and waits until the client's writes are acknowledged. */
    public void begin() throws InterruptedException {
        cluster.start(listener::told);
        listener.told("waiting for every volume and its target on its preferred server");
        for (Volume each : cluster.plan().volumes()) {
            awaitServedBy(cluster.node(each.preferred()), each, START_MILLIS);
        }
        awaitInSync();
        listener.told("the client begins to write to " + volume.name());
        WriterProcess writer = cluster.startWriter(cluster.client(), volume, 1, BLOCKS_PER_WRITER);
        client = Optional.of(writer);
        writer.awaitReady(WRITER_MILLIS);
        awaitAcknowledgements(System.nanoTime());
        listener.started(cluster, writer.timeline());
    }

    /** An administrator moves everything off the active server, as before maintenance. */
    public StepResult plannedMove() throws InterruptedException {
        LabNode from = activeNode();
        LabNode to = cluster.peerOf(from);
        return step(
                StepName.PLANNED_MOVE,
                "standby of " + from + ": everything moves to " + to,
                notes -> {
                    to.standby(from, true);
                    awaitServedBy(to, volume, MOVE_MILLIS);
                    awaitAcknowledgements(System.nanoTime());
                    to.standby(from, false);
                    awaitInSync();
                    notes.require(
                            activeNode().name().equals(to.name()),
                            volume.name() + " went back to " + from + " in spite of stickiness");
                    notes.fact("%s serves from %s and stays there", volume.name(), to);
                });
    }

    /** The active server loses its power: no process and no link of it is left. */
    public StepResult serverKilled() throws InterruptedException {
        LabNode victim = activeNode();
        LabNode survivor = cluster.peerOf(victim);
        return step(
                StepName.SERVER_KILLED,
                victim + " loses its power; " + survivor + " must take over",
                notes -> {
                    long before = System.nanoTime();
                    victim.powerOff();
                    awaitServedBy(survivor, volume, MOVE_MILLIS);
                    awaitAcknowledgements(System.nanoTime());
                    ClusterPicture picture = survivor.picture();
                    notes.require(
                            picture.members().equals(List.of(survivor.name())),
                            "members are " + picture.members());
                    notes.require(
                            picture.status().view().quorate(),
                            survivor + " is not quorate with the witness");
                    notes.fact(
                            "%s serves again %s after the power cut, with the witness's vote",
                            volume.name(),
                            millis(timeline().longestGap(before, System.nanoTime()).nanos()));
                });
    }

    /** The server comes back: only what it missed is copied, and nothing moves back to it. */
    public StepResult serverReturned() throws InterruptedException {
        LabNode active = activeNode();
        LabNode returning = cluster.peerOf(active);
        return step(
                StepName.SERVER_RETURNED,
                returning + " gets its power back and is resynced",
                notes -> {
                    long before = System.nanoTime();
                    returning.host().powerOn();
                    returning.startDaemons();
                    returning.awaitDaemons(START_MILLIS);
                    awaitInSync();
                    notes.fact("in sync %s after power-on", millis(System.nanoTime() - before));
                    awaitAcknowledgements(System.nanoTime());
                    notes.require(
                            activeNode().name().equals(active.name()),
                            volume.name() + " moved back to " + returning);
                });
    }

    /** The second server loses one ring, then the other; views and roles must not change. */
    public StepResult ringCut() throws InterruptedException {
        LabNode active = activeNode();
        LabNode other = cluster.peerOf(active);
        return step(
                StepName.RING_CUT,
                "one ring of " + other + " is cut, then the other: nothing may move",
                notes -> {
                    for (LabNetwork ring : List.of(cluster.ring1(), cluster.ring0())) {
                        cutAndHeal(active, other, ring, notes);
                    }
                });
    }

    private void cutAndHeal(LabNode active, LabNode other, LabNetwork ring, Notes notes)
            throws InterruptedException {
        ClusterPicture before = active.picture();
        long from = System.nanoTime();
        other.host().cut(ring);
        awaitLink(active, other, ring, false);
        Thread.sleep(CUT_MILLIS);
        ClusterPicture during = active.picture();
        other.host().heal(ring);
        awaitLink(active, other, ring, true);
        awaitInSync();
        awaitAcknowledgements(System.nanoTime());
        notes.require(
                during.status().view().term().equals(before.status().view().term())
                        && during.members().equals(before.members()),
                "the view changed when ring "
                        + ring.number()
                        + " was cut: from "
                        + before.members()
                        + " to "
                        + during.members());
        notes.require(
                activeNode().name().equals(active.name()),
                volume.name() + " moved when ring " + ring.number() + " was cut");
        notes.fact(
                "ring %d cut: link down, same view, longest gap %s",
                ring.number(), millis(timeline().longestGap(from, System.nanoTime()).nanos()));
    }

    /** The active server loses both rings: it must stop before the other half starts. */
    public StepResult partition() throws InterruptedException {
        LabNode isolated = activeNode();
        LabNode other = cluster.peerOf(isolated);
        try (WriterProcess inside =
                cluster.startWriter(isolated.host(), volume, INSIDE_WRITER, BLOCKS_PER_WRITER)) {
            inside.awaitReady(WRITER_MILLIS);
            return step(
                    StepName.PARTITION,
                    isolated + " is cut off with a writer inside; " + other + " must take over",
                    notes -> {
                        long cutAt = System.nanoTime();
                        isolated.host().isolate();
                        awaitServedBy(other, volume, MOVE_MILLIS);
                        awaitAcknowledgements(System.nanoTime());
                        compareHalves(inside, cutAt, isolated, other, notes);
                        isolated.host().rejoin();
                        awaitInSync();
                        checkInside(inside, notes);
                        notes.require(
                                activeNode().name().equals(other.name()),
                                volume.name() + " moved back to " + isolated);
                    });
        }
    }

    private void compareHalves(
            WriterProcess inside, long cutAt, LabNode isolated, LabNode other, Notes notes) {
        // The client's first write on the other half ends the gap that the cut began.
        long firstOutside = timeline().longestGap(cutAt, System.nanoTime()).toNanos();
        OptionalLong lastInside = inside.timeline().last();
        if (lastInside.isEmpty()) {
            notes.failures.add("the writer inside " + isolated + " had no acknowledgement at all");
            return;
        }
        long margin = firstOutside - lastInside.getAsLong();
        notes.require(
                margin > 0,
                String.format(
                        Locale.ROOT,
                        "both halves acknowledged writes: %s for another %s after %s began",
                        isolated,
                        millis(-margin),
                        other));
        notes.fact(
                "%s acknowledged its last write %s after the cut, %s its first %s later",
                isolated,
                millis(Math.max(0, lastInside.getAsLong() - cutAt)),
                other,
                millis(margin));
    }

    private static void checkInside(WriterProcess inside, Notes notes) throws InterruptedException {
        inside.pause(WRITER_MILLIS);
        WriterProcess.Verification verification = inside.verify(WRITER_MILLIS);
        notes.require(
                verification.intact(),
                verification.damaged() + " writes of the isolated half were lost");
        notes.failures.addAll(verification.damages());
        notes.fact(
                "all %d blocks written on the isolated half before the cut are intact",
                verification.blocks());
    }

    // --- what every step has in common ---

    private StepResult step(StepName name, String sentence, Body body) throws InterruptedException {
        Notes notes = new Notes();
        long from = System.nanoTime();
        long acknowledgedBefore = timeline().acknowledgements();
        listener.stepBegan(name, sentence, from);
        try {
            Thread.sleep(STEADY_MILLIS);
            body.play(notes);
            Thread.sleep(FOLLOW_MILLIS);
        } catch (ProblemException e) {
            notes.failures.add(e.problem().message());
        }
        AckTimeline.Gap gap = timeline().longestGap(from, System.nanoTime());
        long acknowledged = timeline().acknowledgements() - acknowledgedBefore;
        StepResult result = verified(name, gap.millis(), acknowledged, notes);
        listener.stepEnded(result);
        return result;
    }

    private StepResult verified(StepName name, long gapMillis, long acknowledged, Notes notes)
            throws InterruptedException {
        long lost = 0;
        Replicas replicas = Replicas.NOT_COMPARED;
        try {
            client().pause(WRITER_MILLIS);
            WriterProcess.Verification verification = client().verify(WRITER_MILLIS);
            lost = verification.damaged();
            notes.failures.addAll(verification.damages());
            if (cluster.nodes().stream().allMatch(node -> node.host().isOn())) {
                replicas = compareReplicas(notes);
            }
            client().resume(WRITER_MILLIS);
        } catch (ProblemException e) {
            notes.failures.add(e.problem().message());
        }
        return new StepResult(
                name, gapMillis, acknowledged, lost, replicas, notes.facts, notes.failures);
    }

    /** Compares all volumes' files, once in sync; nobody may write meanwhile. */
    private Replicas compareReplicas(Notes notes) {
        awaitInSync();
        Replicas result = Replicas.EQUAL;
        for (Volume each : cluster.plan().volumes()) {
            OptionalLong different =
                    ReplicaComparison.firstDifference(
                            cluster.backingFile(cluster.nodes().getFirst(), each),
                            cluster.backingFile(cluster.nodes().getLast(), each),
                            dataBytes(each));
            if (different.isPresent()) {
                result = Replicas.DIFFERENT;
                notes.failures.add(
                        "the replicas of "
                                + each.name()
                                + " differ at byte "
                                + different.getAsLong());
            }
        }
        return result;
    }

    private long dataBytes(Volume each) {
        return cluster.nodes().getFirst().storageStatus().volumes().stream()
                .filter(v -> v.volume().name().equals(each.name()))
                .mapToLong(VolumeStatus::sizeBytes)
                .findFirst()
                .orElse(0);
    }

    // --- looking at the cluster ---

    /**
     * The server that has the first volume now, by the word of all quorate nodes: one that has just
     * come back may still show what it knew before.
     */
    public LabNode activeNode() {
        List<String> agreed = new ArrayList<>();
        Waiting.until(
                "the nodes agree on who has " + volume.name(),
                AGREEMENT_MILLIS,
                () -> {
                    List<String> said = whoIsSaidToHaveTheVolume();
                    if (said.size() != 1 || said.contains(NOBODY)) {
                        return Optional.of("quorate nodes say " + said);
                    }
                    agreed.addAll(said);
                    return Optional.empty();
                });
        return cluster.node(agreed.getFirst());
    }

    private List<String> whoIsSaidToHaveTheVolume() {
        return cluster.nodes().stream()
                .flatMap(node -> node.pictureIfAny().stream())
                .filter(picture -> picture.status().view().quorate())
                .map(picture -> picture.promotedNode(volume.promotableResource()))
                .map(promoted -> promoted.orElse(NOBODY))
                .distinct()
                .toList();
    }

    public AckTimeline timeline() {
        return client().timeline();
    }

    private WriterProcess client() {
        return client.orElseThrow(() -> new IllegalStateException("begin() comes first"));
    }

    private static void awaitServedBy(LabNode node, Volume volume, long timeoutMillis) {
        Waiting.until(
                volume.name() + " is served by " + node,
                timeoutMillis,
                () -> {
                    ClusterPicture picture = node.picture();
                    Optional<String> promoted = picture.promotedNode(volume.promotableResource());
                    Optional<String> group = picture.nodeOfGroup(volume.groupResource());
                    boolean served =
                            promoted.filter(node.name()::equals).isPresent()
                                    && group.filter(node.name()::equals).isPresent();
                    return served
                            ? Optional.empty()
                            : Optional.of(
                                    volume.promotableResource()
                                            + " is promoted on "
                                            + promoted.orElse("no node")
                                            + ", "
                                            + volume.groupResource()
                                            + " runs on "
                                            + group.orElse("no node")
                                            + failedOperations(picture));
                });
    }

    private static String failedOperations(ClusterPicture picture) {
        return picture.status().failedOperations().stream()
                .map(
                        f ->
                                "; "
                                        + f.resource()
                                        + " "
                                        + f.operation()
                                        + " failed on "
                                        + f.node()
                                        + ": "
                                        + f.exitReason())
                .reduce("", String::concat);
    }

    /** Waits until every replica on every server that is on is UpToDate and connected. */
    private void awaitInSync() {
        Waiting.until(
                "all replicas are in sync",
                SYNC_MILLIS,
                () ->
                        cluster.nodes().stream()
                                .filter(node -> node.host().isOn())
                                .flatMap(node -> whatIsNotInSync(node).stream())
                                .findFirst());
    }

    private static Optional<String> whatIsNotInSync(LabNode node) {
        for (VolumeStatus each : node.storageStatus().volumes()) {
            if (each.disk() != VolumeStatus.Disk.UP_TO_DATE) {
                return Optional.of(each.volume() + " on " + node + " is " + each.disk().shown());
            }
            for (VolumeStatus.Peer peer : each.peers()) {
                if (peer.connection() != VolumeStatus.Connection.CONNECTED
                        || peer.disk() != VolumeStatus.Disk.UP_TO_DATE
                        || peer.outOfSyncBytes() != 0) {
                    return Optional.of(
                            each.volume()
                                    + " on "
                                    + node
                                    + ": "
                                    + peer.node()
                                    + " is "
                                    + peer.connection().shown()
                                    + ", "
                                    + peer.disk().shown()
                                    + ", "
                                    + peer.outOfSyncBytes()
                                    + " bytes out of sync");
                }
            }
        }
        return Optional.empty();
    }

    private static void awaitLink(LabNode from, LabNode to, LabNetwork ring, boolean up) {
        NodeId peer = to.id();
        Waiting.until(
                "ring " + ring.number() + " to " + to + " is " + (up ? "up" : "down"),
                LINK_MILLIS,
                () ->
                        from.status().links().stream()
                                        .filter(l -> l.ring() == ring.number())
                                        .filter(l -> l.peer().equals(peer))
                                        .anyMatch(l -> l.up() == up)
                                ? Optional.empty()
                                : Optional.of("links are " + from.status().links()));
    }

    /** Waits until the client's writes are acknowledged again, a few in a row. */
    private void awaitAcknowledgements(long sinceNanos) {
        Waiting.until(
                "the client's writes are acknowledged",
                WRITER_MILLIS,
                () -> {
                    long count = timeline().acknowledgementsBetween(sinceNanos, System.nanoTime());
                    return count >= 10
                            ? Optional.empty()
                            : Optional.of(count + " writes; the writer: " + client().lastLines());
                });
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }

    @Override
    public void close() {
        client.ifPresent(WriterProcess::close);
    }
}
