package io.holdfast.daemon.storaged;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.driver.VolumeListener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clusterd when a volume's state changed, so that promotion scores follow at once. What
 * changes again before it was told is told once; a clusterd that is away asks by itself later.
 */
final class VolumeNews implements VolumeListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeNews.class);

    private final ControlClient clusterd;
    private final Map<VolumeId, VolumeStatus> untold = new LinkedHashMap<>();
    private final Thread teller = new Thread(this::tell, "volume-news");

    VolumeNews(ControlClient clusterd) {
        this.clusterd = clusterd;
        teller.setDaemon(true);
        teller.start();
    }

    @Override
    public void volumeChanged(io.holdfast.replication.driver.VolumeStatus status) {
        VolumeStatus news = VolumeViews.of(status);
        synchronized (untold) {
            untold.put(news.volume(), news);
            untold.notifyAll();
        }
    }

    private void tell() {
        try {
            while (true) {
                VolumeStatus news = next();
                try {
                    clusterd.ask(new ClusterRequest.VolumeStateChanged(news));
                } catch (RuntimeException e) {
                    LOG.debug("clusterd was not told of {}: {}", news.volume(), e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private VolumeStatus next() throws InterruptedException {
        synchronized (untold) {
            while (untold.isEmpty()) {
                untold.wait();
            }
            VolumeId first = untold.keySet().iterator().next();
            VolumeStatus news = untold.remove(first);
            if (news == null) {
                throw new IllegalStateException("a volume without news: " + first);
            }
            return news;
        }
    }

    @Override
    public void close() {
        teller.interrupt();
    }
}
