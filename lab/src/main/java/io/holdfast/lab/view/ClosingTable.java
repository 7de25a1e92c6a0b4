package io.holdfast.lab.view;

import io.holdfast.lab.story.StepResult;
import io.holdfast.lab.story.StoryResult;
import io.holdfast.lab.view.Paint.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The story in a table. */
final class ClosingTable {
    private final Paint paint;

    ClosingTable(Paint paint) {
        this.paint = paint;
    }

    List<String> lines(StoryResult result) {
        List<String> lines = new ArrayList<>();
        if (result.steps().isEmpty()) {
            return List.of(verdict(result));
        }
        lines.add(
                paint.paint(
                        Tone.STRONG,
                        String.format(
                                "%-18s %12s %14s %8s   %s",
                                "step", "longest gap", "acknowledged", "lost", "replicas")));
        result.steps().forEach(step -> lines.add(line(step)));
        lines.add("");
        lines.add(verdict(result));
        lines.add(
                paint.paint(
                        Tone.FAINT,
                        String.format(
                                Locale.ROOT,
                                "first write %.1f s after the start, %.1f s in all; the how-to"
                                        + " articles measure 95 to 110 s for one failover",
                                result.secondsToStart(),
                                result.secondsInAll())));
        result.readBackBy().forEach(lines::add);
        return lines;
    }

    private String line(StepResult step) {
        String text =
                String.format(
                        Locale.ROOT,
                        "%-18s %9d ms %14d %8d   %s",
                        step.name().text(),
                        step.gapMillis(),
                        step.ackedWrites(),
                        step.lostWrites(),
                        replicas(step));
        return paint.paint(step.passed() ? Tone.NORMAL : Tone.BAD, text);
    }

    private static String replicas(StepResult step) {
        return switch (step.replicas()) {
            case EQUAL -> "equal, byte for byte";
            case DIFFERENT -> "DIFFERENT";
            case NOT_COMPARED -> "only one is there";
        };
    }

    private String verdict(StoryResult result) {
        String failure = result.failure();
        if (failure != null) {
            return paint.paint(Tone.BAD, "FAILED: " + failure);
        }
        return paint.paint(
                result.passed() ? Tone.GOOD : Tone.BAD,
                String.format(
                        Locale.ROOT,
                        "%d writes acknowledged, %d lost; replicas %s",
                        result.ackedWrites(),
                        result.lostWrites(),
                        result.replicasEqual() ? "equal" : "NOT equal"));
    }
}
