package io.holdfast.lab.scenario;

import io.holdfast.lab.check.Checks;
import io.holdfast.lab.check.Scenario;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.holder.KeptLab;
import io.holdfast.lab.story.FailoverStory;
import java.util.function.Consumer;

/** The demo's steps as checks. */
final class DemoScenario implements Scenario {
    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String description() {
        return "two servers, a witness, a client: planned move, killed server, return, cut ring,"
                + " partition";
    }

    @Override
    public void run(Checks checks, boolean keep, Consumer<String> told)
            throws InterruptedException {
        try (LabCluster cluster = DemoCluster.build()) {
            try (FailoverStory story = new FailoverStory(cluster, new StepLines(told))) {
                boolean serves =
                        checks.check(
                                "demo.start",
                                () -> {
                                    story.begin();
                                    return "both volumes serve from their preferred servers";
                                });
                if (serves) {
                    playSteps(checks, story);
                }
            }
            if (keep) {
                KeptLab.handOver(cluster).instructions().forEach(told);
            }
        }
    }

    // A step is played although the one before it failed: each finds out where things are.
    private static void playSteps(Checks checks, FailoverStory story) throws InterruptedException {
        checks.check("demo.planned-move", () -> StepChecks.passed(story.plannedMove()));
        boolean killed =
                checks.check("demo.server-killed", () -> StepChecks.passed(story.serverKilled()));
        if (!killed) {
            for (String id : new String[] {"server-returned", "ring-cut", "partition"}) {
                checks.skip("demo." + id, "the killed server's work was not taken over");
            }
            return;
        }
        checks.check("demo.server-returned", () -> StepChecks.passed(story.serverReturned()));
        checks.check("demo.ring-cut", () -> StepChecks.passed(story.ringCut()));
        checks.check("demo.partition", () -> StepChecks.passed(story.partition()));
    }
}
