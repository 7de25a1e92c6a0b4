package io.holdfast.lab.view;

import io.holdfast.lab.cluster.ClusterPicture;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.cluster.LabNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at every node a few times a second, in a thread for each, so that a node that does not
 * answer does not hide the others.
 */
final class ClusterWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;

    private final LabCluster cluster;
    private final Map<String, ClusterPicture> pictures = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    private ClusterWatch(LabCluster cluster) {
        this.cluster = cluster;
    }

    static ClusterWatch start(LabCluster cluster) {
        ClusterWatch watch = new ClusterWatch(cluster);
        for (LabNode node : cluster.nodes()) {
            Thread.ofVirtual().name("watch-" + node).start(() -> watch.look(node));
        }
        return watch;
    }

    LabCluster cluster() {
        return cluster;
    }

    /** What each node said last; a node that is off or silent is missing. */
    Map<String, ClusterPicture> pictures() {
        return new TreeMap<>(pictures);
    }

    private void look(LabNode node) {
        while (!stopped) {
            Optional<ClusterPicture> picture = node.pictureIfAny();
            if (picture.isPresent()) {
                pictures.put(node.name(), picture.get());
            } else {
                pictures.remove(node.name());
            }
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
