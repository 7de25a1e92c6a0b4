package io.holdfast.lab.story;

import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.writer.AckTimeline;

/** Told while the story goes on; called from the thread that plays it. */
public interface StoryListener {
    /** Something is being done, in a sentence. */
    void told(String text);

    /** The cluster runs and the client writes. */
    void started(LabCluster cluster, AckTimeline client);

    void stepBegan(StepName name, String sentence, long sinceNanos);

    void stepEnded(StepResult result);
}
