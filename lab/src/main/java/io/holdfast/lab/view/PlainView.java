package io.holdfast.lab.view;

import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.story.StepName;
import io.holdfast.lab.story.StepResult;
import io.holdfast.lab.story.StoryResult;
import io.holdfast.lab.writer.AckTimeline;
import java.io.PrintStream;
import java.util.Locale;

/** A line for each thing that happens, with the time since the start. */
final class PlainView implements StoryView {
    private final PrintStream out;
    private final long startNanos = System.nanoTime();

    PlainView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void told(String text) {
        line(text);
    }

    @Override
    public void started(LabCluster cluster, AckTimeline client) {
        line("the cluster serves, and the client's writes are acknowledged");
    }

    @Override
    public void stepBegan(StepName name, String sentence, long sinceNanos) {
        line(name.text() + ": " + sentence);
    }

    @Override
    public void stepEnded(StepResult result) {
        result.facts().forEach(fact -> line("  " + fact));
        result.failures().forEach(failure -> line("  FAILED: " + failure));
        line(
                String.format(
                        Locale.ROOT,
                        "  longest gap %d ms, %d writes acknowledged, %d lost",
                        result.gapMillis(),
                        result.ackedWrites(),
                        result.lostWrites()));
    }

    @Override
    public void concluded(StoryResult result) {
        out.println();
        new ClosingTable(Paint.PLAIN).lines(result).forEach(out::println);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }

    private void line(String text) {
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, text);
        out.flush();
    }
}
