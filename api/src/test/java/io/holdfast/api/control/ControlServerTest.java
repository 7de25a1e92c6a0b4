package io.holdfast.api.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.control.DaemonUnreachableException.Reach;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.ClusterRequest.ClusterStatusQuery;
import io.holdfast.api.message.ClusterRequest.ConfigurationLoad;
import io.holdfast.api.message.ConfigurationSyntax;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.LoadMode;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest.VolumeDown;
import io.holdfast.api.message.StorageRequest.VolumeStatusQuery;
import io.holdfast.api.message.StorageRequest.VolumeUp;
import io.holdfast.api.message.VolumeState;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ControlServerTest {
    private static final VolumeId VOLUME = new VolumeId("v");

    @TempDir Path folder;

    private Path socket() {
        return folder.resolve("run/holdfast/storaged.sock");
    }

    private ControlServer serve(RequestHandler handler) {
        return ControlServer.start(socket(), handler);
    }

    private static Answer echo(Request<?> request, Progress progress) {
        return switch (request) {
            case VolumeUp _, VolumeStatusQuery _ -> new VolumeState(ControlCodecTest.VOLUME_STATUS);
            case ClusterStatusQuery _ -> ControlCodecTest.clusterStatus();
            default -> Done.QUIETLY;
        };
    }

    @Test
    void aQuestionIsAnsweredWithTheTypeItNames() {
        try (ControlServer _ = serve(ControlServerTest::echo);
                ControlClient client = new ControlClient(socket())) {
            VolumeState state = client.ask(new VolumeUp(VOLUME));
            assertThat(state.volume()).isEqualTo(ControlCodecTest.VOLUME_STATUS);
            assertThat(client.ask(new ClusterStatusQuery()))
                    .isEqualTo(ControlCodecTest.clusterStatus());
        }
    }

    @Test
    void aProblemOfTheDaemonIsTheAskersProblem() {
        Problem problem = new Problem("no", "v", "it is Outdated", "resync it first");
        try (ControlServer _ =
                        serve(
                                (_, _) -> {
                                    throw new ProblemException(problem);
                                });
                ControlClient client = new ControlClient(socket())) {
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME)))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            thrown -> assertThat(thrown.problem()).isEqualTo(problem));
        }
    }

    @Test
    void progressIsHeardBeforeTheAnswer() {
        List<String> heard = new ArrayList<>();
        try (ControlServer _ =
                        serve(
                                (_, progress) -> {
                                    progress.report("half");
                                    progress.report("most");
                                    return Done.QUIETLY;
                                });
                ControlClient client = new ControlClient(socket())) {
            client.ask(new VolumeDown(VOLUME), Duration.ofSeconds(5), heard::add);
            assertThat(heard).containsExactly("half", "most");
        }
    }

    @Test
    void aSlowAnswerDoesNotHoldUpAnother() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ControlServer _ =
                        serve(
                                (request, progress) -> {
                                    if (request instanceof VolumeUp) {
                                        await(release);
                                    }
                                    return echo(request, progress);
                                });
                ControlClient client = new ControlClient(socket());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<VolumeState> slow = threads.submit(() -> client.ask(new VolumeUp(VOLUME)));
            assertThat(client.ask(new VolumeStatusQuery(VOLUME)).volume()).isNotNull();
            assertThat(slow.isDone()).isFalse();
            release.countDown();
            assertThat(slow.get().volume()).isNotNull();
        }
    }

    @Test
    void manyAskAtOnceOverOneConnection() throws ExecutionException, InterruptedException {
        try (ControlServer _ = serve(ControlServerTest::echo);
                ControlClient client = new ControlClient(socket());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<VolumeState>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(threads.submit(() -> client.ask(new VolumeUp(VOLUME))));
            }
            for (Future<VolumeState> answer : answers) {
                assertThat(answer.get().volume()).isNotNull();
            }
        }
    }

    @Test
    void aLateAnswerIsATimeOutAndTheConnectionGoesOn() {
        CountDownLatch release = new CountDownLatch(1);
        try (ControlServer _ =
                        serve(
                                (request, progress) -> {
                                    if (request instanceof VolumeUp) {
                                        await(release);
                                    }
                                    return echo(request, progress);
                                });
                ControlClient client = new ControlClient(socket())) {
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME), Duration.ofMillis(30)))
                    .isInstanceOf(DaemonUnreachableException.class)
                    .hasMessageContaining("no answer to VolumeUp within 30 ms");
            release.countDown();
            assertThat(client.ask(new VolumeStatusQuery(VOLUME)).volume()).isNotNull();
        }
    }

    @Test
    void aDaemonThatIsNotThereIsSaidToBe() {
        try (ControlClient client = new ControlClient(socket())) {
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME)))
                    .isInstanceOfSatisfying(
                            DaemonUnreachableException.class,
                            thrown -> assertThat(thrown.reach()).isEqualTo(Reach.ABSENT))
                    .hasMessageContaining("storaged cannot be asked")
                    .hasMessageContaining("HOLDFAST_ROOT");
        }
    }

    @Test
    void aRestartedDaemonIsAskedAgainOverANewConnection() {
        try (ControlClient client = new ControlClient(socket())) {
            try (ControlServer _ = serve(ControlServerTest::echo)) {
                assertThat(client.ask(new VolumeUp(VOLUME)).volume()).isNotNull();
            }
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME)))
                    .isInstanceOf(DaemonUnreachableException.class);
            try (ControlServer _ = serve(ControlServerTest::echo)) {
                assertThat(client.ask(new VolumeUp(VOLUME)).volume()).isNotNull();
            }
        }
    }

    @Test
    void aDaemonThatDiesFailsTheQuestionsUnderWayAtOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        ControlServer server =
                serve(
                        (_, _) -> {
                            asked.countDown();
                            await(new CountDownLatch(1));
                            return Done.QUIETLY;
                        });
        try (ControlClient client = new ControlClient(socket());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Done> answer = threads.submit(() -> client.ask(new VolumeDown(VOLUME)));
            asked.await();
            server.close();
            assertThatThrownBy(answer::get).hasCauseInstanceOf(DaemonUnreachableException.class);
        }
    }

    @Test
    void theDeathOfADaemonIsNoticedWithoutAsking() throws InterruptedException {
        CountDownLatch lost = new CountDownLatch(1);
        ControlServer server = serve(ControlServerTest::echo);
        try (ControlClient client = new ControlClient(socket())) {
            client.whenLost(lost::countDown);
            assertThat(client.ask(new VolumeUp(VOLUME)).volume()).isNotNull();
            server.close();
            assertThat(lost.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aDaemonThatIsStuckDoesNotHoldUpWhoConnects() throws IOException {
        Files.createDirectories(socket().getParent());
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ControlClient client =
                        new ControlClient(socket(), Duration.ofMillis(50), Duration.ofSeconds(5))) {
            silent.bind(UnixDomainSocketAddress.of(socket()));
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME)))
                    .isInstanceOfSatisfying(
                            DaemonUnreachableException.class,
                            thrown -> assertThat(thrown.reach()).isEqualTo(Reach.SILENT))
                    .hasMessageContaining("did not answer within 50 ms");
        }
    }

    @Test
    void theSocketIsForThisUserAlone() throws IOException {
        try (ControlServer _ = serve(ControlServerTest::echo)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(socket().getParent())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aSecondDaemonIsRefusedAndASocketLeftBehindIsReplaced() throws IOException {
        try (ControlServer _ = serve(ControlServerTest::echo)) {
            assertThatThrownBy(() -> serve(ControlServerTest::echo))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("runs already");
        }
        ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        left.bind(UnixDomainSocketAddress.of(socket()));
        left.close();
        assertThat(socket()).exists();
        try (ControlServer _ = serve(ControlServerTest::echo);
                ControlClient client = new ControlClient(socket())) {
            assertThat(client.ask(new VolumeUp(VOLUME)).volume()).isNotNull();
        }
    }

    @Test
    void aPathThatLinuxCannotHoldIsExplained() {
        Path longPath = folder.resolve("x".repeat(120)).resolve("s.sock");
        assertThatThrownBy(() -> ControlServer.start(longPath, ControlServerTest::echo))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("shorter HOLDFAST_ROOT");
        try (ControlClient client = new ControlClient(longPath)) {
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("too long");
        }
    }

    @Test
    void aBugInTheDaemonIsToldAndReported() {
        try (ControlServer _ =
                        serve(
                                (_, _) -> {
                                    throw new ArithmeticException("by zero");
                                });
                ControlClient client = new ControlClient(socket())) {
            assertThatThrownBy(() -> client.ask(new VolumeUp(VOLUME)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("by zero");
        }
    }

    @Test
    void whoDoesNotSpeakTheProtocolIsToldAndLetGo() throws IOException {
        try (ControlServer _ = serve(ControlServerTest::echo)) {
            assertThat(conversation("GET / HTTP/1.1\n")).contains("was not understood");
            assertThat(conversation("{\"holdfast\":\"control\",\"version\":99}\n"))
                    .contains("different versions");
            assertThat(
                            conversation(
                                    "{\"holdfast\":\"control\",\"version\":1}\n{\"id\":5,\"request\":\"X\"}\n"))
                    .contains("{\"id\":5,\"problem\":");
        }
    }

    @Test
    void aLineWithoutEndIsGivenUpAtItsLimit() throws IOException {
        try (ControlServer _ = serve(ControlServerTest::echo);
                SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            ByteBuffer junk = ByteBuffer.wrap(new byte[1 << 20]);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 64; i++) {
                                    raw.write(junk.rewind());
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aWholeConfigurationFitsInALine() {
        String text = "# a comment that fills a line of the configuration\n".repeat(100_000);
        try (ControlServer _ =
                        serve(
                                (request, _) ->
                                        request instanceof ConfigurationLoad load
                                                        && load.text().equals(text)
                                                ? new io.holdfast.api.message.ConfigurationLoaded(
                                                        true, "0.1.0", List.of(), List.of())
                                                : Done.QUIETLY);
                ControlClient client = new ControlClient(socket())) {
            assertThat(
                            client.ask(
                                            new ConfigurationLoad(
                                                    ConfigurationSyntax.CRM,
                                                    LoadMode.REPLACE,
                                                    text,
                                                    null))
                                    .accepted())
                    .isTrue();
        }
    }

    /** Not a benchmark: only that no time-out or wait is hidden in a question. */
    @Test
    void aQuestionCostsLessThanAMillisecondOnceWarm() {
        try (ControlServer _ = serve(ControlServerTest::echo);
                ControlClient client = new ControlClient(socket())) {
            long[] nanos = new long[2000];
            for (int i = 0; i < nanos.length; i++) {
                long begin = System.nanoTime();
                client.ask(new VolumeStatusQuery(VOLUME));
                nanos[i] = System.nanoTime() - begin;
            }
            java.util.Arrays.sort(nanos);
            assertThat(nanos[1000]).isLessThan(1_000_000);
        }
    }

    private String conversation(String lines) throws IOException {
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            raw.write(ByteBuffer.wrap(lines.getBytes(UTF_8)));
            StringBuilder heard = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (!heard.toString().contains("problem") && raw.read(buffer.clear()) >= 0) {
                heard.append(UTF_8.decode(buffer.flip()));
            }
            return heard.toString();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
