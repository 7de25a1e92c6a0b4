package io.holdfast.lab.command;

import io.holdfast.lab.check.CheckReport;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.holder.KeptLab;
import io.holdfast.lab.scenario.DemoCluster;
import io.holdfast.lab.story.StoryResult;
import io.holdfast.lab.story.StoryTeller;
import io.holdfast.lab.view.StoryView;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster of two servers, a witness and a client on this one machine, and shows",
            "a replicated iSCSI disk outlive its server. Needs root; leaves nothing behind."
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--json", paramLabel = "FILE", description = "also writes the results there")
    private @Nullable Path json;

    @Option(names = "--keep", description = "leaves the cluster up and tells how to look around")
    private boolean keep;

    @Override
    public Integer call() throws InterruptedException {
        long startNanos = System.nanoTime();
        StoryResult result;
        try (StoryView view = StoryView.onStandardOutput()) {
            view.told("building two networks and four hosts out of namespaces");
            try (LabCluster cluster = DemoCluster.build()) {
                result = new StoryTeller(cluster, view).tell(startNanos);
                view.concluded(result);
                if (keep) {
                    KeptLab.handOver(cluster).instructions().forEach(System.out::println);
                }
            }
        }
        if (json != null) {
            CheckReport.writeJson(json, result);
        }
        return result.passed() ? 0 : 1;
    }
}
