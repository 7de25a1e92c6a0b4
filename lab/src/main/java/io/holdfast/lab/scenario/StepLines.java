package io.holdfast.lab.scenario;

import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.story.StepName;
import io.holdfast.lab.story.StepResult;
import io.holdfast.lab.story.StoryListener;
import io.holdfast.lab.writer.AckTimeline;
import java.util.function.Consumer;

/** A story's sentences as plain lines, for scenarios. */
record StepLines(Consumer<String> lines) implements StoryListener {
    @Override
    public void told(String text) {
        lines.accept(text);
    }

    @Override
    public void started(LabCluster cluster, AckTimeline client) {
        lines.accept("the client's writes are acknowledged");
    }

    @Override
    public void stepBegan(StepName name, String sentence, long sinceNanos) {
        lines.accept(sentence);
    }

    @Override
    public void stepEnded(StepResult result) {
        // The check that asked for the step tells.
    }
}
