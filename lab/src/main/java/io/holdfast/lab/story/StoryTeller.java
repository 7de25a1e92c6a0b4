package io.holdfast.lab.story;

import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.cluster.ClusterPlan.Volume;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.cluster.LabNode;
import io.holdfast.lab.story.StepResult.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Plays the whole story, whatever becomes of it, and sums it up. */
public final class StoryTeller {
    private final LabCluster cluster;
    private final StoryListener listener;
    private final List<StepResult> steps = new ArrayList<>();
    private final List<String> readBackBy = new ArrayList<>();
    private double secondsToStart;

    public StoryTeller(LabCluster cluster, StoryListener listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    /**
     * Plays all steps; ends early when a step fails, for the next would begin from nowhere.
     *
     * @param sinceNanos when the person pressed Enter
     */
    public StoryResult tell(long sinceNanos) throws InterruptedException {
        String failure = null;
        try (FailoverStory story = new FailoverStory(cluster, listener)) {
            story.begin();
            secondsToStart = secondsSince(sinceNanos);
            failure = playSteps(story);
            if (failure == null) {
                failure = haveOthersRead(story);
            }
        } catch (ProblemException e) {
            failure = e.problem().message();
        }
        return sumUp(sinceNanos, failure);
    }

    private @Nullable String playSteps(FailoverStory story) throws InterruptedException {
        List<Callable<StepResult>> order =
                List.of(
                        story::plannedMove,
                        story::serverKilled,
                        story::serverReturned,
                        story::ringCut,
                        story::partition);
        for (Callable<StepResult> each : order) {
            StepResult result;
            try {
                result = each.call();
            } catch (InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            steps.add(result);
            if (!result.passed()) {
                return result.name().text() + ": " + String.join("; ", result.failures());
            }
        }
        return null;
    }

    private @Nullable String haveOthersRead(FailoverStory story) throws InterruptedException {
        Volume volume = cluster.plan().volumes().getFirst();
        LabNode active = story.activeNode();
        long dataBytes =
                active.storageStatus().volumes().stream()
                        .filter(v -> v.volume().name().equals(volume.name()))
                        .mapToLong(VolumeStatus::sizeBytes)
                        .findFirst()
                        .orElse(0);
        story.close(); // the last writer: nobody writes any more
        OtherReaders readers = new OtherReaders(cluster);
        readBackBy.addAll(readers.read(volume, active, dataBytes));
        readBackBy.forEach(listener::told);
        return readers.failures().isEmpty() ? null : String.join("; ", readers.failures());
    }

    private StoryResult sumUp(long sinceNanos, @Nullable String failure) {
        boolean equal =
                !steps.isEmpty()
                        && steps.getLast().replicas() == Replicas.EQUAL
                        && steps.stream().noneMatch(s -> s.replicas() == Replicas.DIFFERENT);
        return new StoryResult(
                steps,
                equal,
                steps.stream().mapToLong(StepResult::ackedWrites).sum(),
                steps.stream().mapToLong(StepResult::lostWrites).max().orElse(0),
                secondsToStart,
                secondsSince(sinceNanos),
                readBackBy,
                failure);
    }

    private static double secondsSince(long nanos) {
        return Math.round((System.nanoTime() - nanos) / 1e8) / 10.0;
    }
}
