package io.holdfast.daemon.storaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.ControlServer;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.Request;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What storaged has recorded about replicas, against a clusterd that takes its time. */
@Timeout(30)
class PagedRightTest {
    private static final VolumeId V = new VolumeId("v");
    private static final VolumeId W = new VolumeId("w");
    private static final Epoch EPOCH = new Epoch(1);
    private static final NodeId B = new NodeId("b");

    @TempDir Path folder;

    private final LinkedBlockingQueue<Request<?>> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private LeasePageWriter writer;
    private LeasePageReader page;
    private ControlServer server;
    private ControlClient client;
    private PagedRight right;

    @BeforeEach
    void open() {
        writer = LeasePageWriter.open(folder.resolve("page"));
        page = LeasePageReader.open(folder.resolve("page"));
        Path socket = folder.resolve("clusterd.sock");
        server = ControlServer.start(socket, (request, progress) -> answer(request));
        client = new ControlClient(socket, Duration.ofSeconds(20), Duration.ofSeconds(20));
        right = new PagedRight(page, client);
    }

    @AfterEach
    void close() {
        mayAnswer.countDown();
        client.close();
        server.close();
        page.close();
        writer.close();
    }

    private Answer answer(Request<?> request) {
        asked.add(request);
        if (request instanceof ClusterRequest.VolumeRecordUpToDate upToDate
                && upToDate.volume().equals(V)) {
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new ProblemException(new Problem("refused", "v", "a test", "nothing"));
        }
        return Done.QUIETLY;
    }

    @Test
    void aRecordWaitsForTheOneBeforeItOfItsVolumeAlone() throws Exception {
        CompletableFuture<Void> first = right.recordUpToDate(V, EPOCH, B).toCompletableFuture();
        assertThat(asked.take()).isInstanceOf(ClusterRequest.VolumeRecordUpToDate.class);
        CompletableFuture<Void> second = right.recordOutdated(V, EPOCH, B).toCompletableFuture();
        right.recordUpToDate(W, EPOCH, B).toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(asked.take()).isEqualTo(new ClusterRequest.VolumeRecordUpToDate(W, EPOCH, B));
        assertThat(asked.poll(100, TimeUnit.MILLISECONDS)).isNull();
        assertThat(second).isNotDone();

        mayAnswer.countDown();

        second.get(10, TimeUnit.SECONDS);
        assertThat(first).isCompletedExceptionally();
        assertThat(asked.take()).isInstanceOf(ClusterRequest.VolumeRecordOutdated.class);
    }
}
