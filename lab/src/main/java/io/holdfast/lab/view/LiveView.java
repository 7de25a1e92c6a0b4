package io.holdfast.lab.view;

import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.story.StepName;
import io.holdfast.lab.story.StepResult;
import io.holdfast.lab.story.StoryResult;
import io.holdfast.lab.view.Paint.Tone;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.writer.AckTimeline;
import io.holdfast.linux.terminal.TerminalSize;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cluster's picture, the client's gap and the steps, drawn ten times a second. */
final class LiveView implements StoryView {
    private static final long PERIOD_MILLIS = 100;
    private static final int DEFAULT_COLUMNS = 100;
    private static final long NOTICEABLE_NANOS = 50_000_000;

    private final PrintStream out;
    private final Paint paint;
    private final LiveRegion region;
    private final Thread painter;
    private final long startNanos = System.nanoTime();
    private final List<StepResult> ended = new ArrayList<>();
    private @Nullable ClusterWatch watch;
    private @Nullable AckTimeline client;
    private @Nullable StepName current;
    private String sentence = "";
    private long stepSinceNanos;
    private boolean closed;

    LiveView(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
        this.region = new LiveRegion(out);
        this.painter = Thread.ofPlatform().daemon().name("live-view").start(this::paintOften);
    }

    @Override
    public synchronized void told(String text) {
        sentence = text;
        redraw();
    }

    @Override
    public synchronized void started(LabCluster cluster, AckTimeline timeline) {
        watch = ClusterWatch.start(cluster);
        client = timeline;
    }

    @Override
    public synchronized void stepBegan(StepName name, String text, long sinceNanos) {
        current = name;
        sentence = text;
        stepSinceNanos = sinceNanos;
        redraw();
    }

    @Override
    public synchronized void stepEnded(StepResult result) {
        ended.add(result);
        current = null;
        sentence = "";
        redraw();
    }

    @Override
    public synchronized void concluded(StoryResult result) {
        redraw();
        stop();
        out.println();
        new ClosingTable(paint).lines(result).forEach(out::println);
        out.flush();
    }

    @Override
    public synchronized void close() {
        stop();
    }

    private void stop() {
        if (!closed) {
            closed = true;
            painter.interrupt();
            if (watch != null) {
                watch.close();
            }
        }
    }

    private void paintOften() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    redraw();
                }
            }
        } catch (InterruptedException e) {
            // The story is over.
        }
    }

    private void redraw() {
        if (!closed) {
            int columns =
                    TerminalSize.ofStandardOutput()
                            .map(TerminalSize::columns)
                            .filter(c -> c > 0)
                            .orElse(DEFAULT_COLUMNS);
            region.draw(frame(columns), columns);
        }
    }

    private List<String> frame(int columns) {
        List<String> lines = new ArrayList<>();
        String rule = paint.paint(Tone.FAINT, "─".repeat(Math.min(columns, 110)));
        lines.add(
                PictureText.pad(
                                " "
                                        + paint.paint(Tone.STRONG, "Holdfast demo")
                                        + "   a replicated iSCSI disk outlives its server",
                                90)
                        + seconds(System.nanoTime() - startNanos));
        lines.add(rule);
        ClusterWatch looking = watch;
        if (looking != null) {
            lines.addAll(
                    new PictureText(paint)
                            .lines(
                                    looking.cluster().plan(),
                                    looking.pictures(),
                                    looking.cluster().lab().hosts().stream()
                                            .filter(LabHost::isOn)
                                            .map(LabHost::name)
                                            .collect(Collectors.toSet())));
            lines.add(clientLine());
            lines.add(rule);
        }
        ended.forEach(step -> addEnded(lines, step));
        if (!sentence.isEmpty()) {
            String name = current == null ? "" : PictureText.pad(current.text(), 17);
            lines.add(" " + paint.paint(Tone.WARNING, "▶ ") + name + sentence);
        }
        return lines;
    }

    private String clientLine() {
        AckTimeline timeline = client;
        if (timeline == null) {
            return "";
        }
        long now = System.nanoTime();
        OptionalLong last = timeline.last();
        long silence = last.isPresent() ? now - last.getAsLong() : 0;
        long longest = current == null ? 0 : timeline.longestGap(stepSinceNanos, now).nanos();
        String text =
                " "
                        + PictureText.pad(paint.paint(Tone.FAINT, "client"), 16)
                        + String.format(Locale.ROOT, "%,d", timeline.acknowledgements())
                        + " writes acknowledged   last "
                        + gap(silence)
                        + " ago";
        return current == null ? text : text + "   longest gap of this step " + gap(longest);
    }

    private String gap(long nanos) {
        return paint.paint(
                nanos > NOTICEABLE_NANOS ? Tone.WARNING : Tone.GOOD,
                String.format(Locale.ROOT, "%d ms", nanos / 1_000_000));
    }

    private void addEnded(List<String> lines, StepResult step) {
        String mark = step.passed() ? paint.paint(Tone.GOOD, "✓ ") : paint.paint(Tone.BAD, "✗ ");
        lines.add(
                " "
                        + mark
                        + PictureText.pad(step.name().text(), 17)
                        + String.format(
                                Locale.ROOT,
                                "gap %5d ms   %4d acknowledged, %d lost   ",
                                step.gapMillis(),
                                step.ackedWrites(),
                                step.lostWrites())
                        + paint.paint(Tone.FAINT, String.join("; ", step.facts())));
        step.failures().forEach(f -> lines.add("   " + paint.paint(Tone.BAD, f)));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%5.1f s", nanos / 1e9);
    }
}
