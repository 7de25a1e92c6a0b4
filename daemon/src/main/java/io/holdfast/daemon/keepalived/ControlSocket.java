package io.holdfast.daemon.keepalived;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.report.JsonReport;
import io.holdfast.daemon.keepalived.report.MetricsReport;
import io.holdfast.daemon.keepalived.report.Snapshot;
import io.holdfast.daemon.keepalived.report.StatusReport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * Where {@code holdfast keepalived status} asks: one word comes ({@code status}, {@code json},
 * {@code metrics}), text goes back, the connection ends. For this user alone.
 */
final class ControlSocket implements AutoCloseable {
    private static final int LONGEST_WORD = 64;

    private final Path path;
    private final ServerSocketChannel server;

    private ControlSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /** Serves; the pid file's lock says that no other process has this path. */
    static ControlSocket open(Path path, Supplier<Snapshot> snapshots) {
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            ControlSocket socket = new ControlSocket(path, server);
            Thread _ =
                    Thread.ofVirtual().name("control").start(() -> socket.serveForEver(snapshots));
            return socket;
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the control socket cannot be made",
                            path.toString(),
                            String.valueOf(e.getMessage()),
                            "run as root, or name a pid file in another directory (-p)"),
                    e);
        }
    }

    private void serveForEver(Supplier<Snapshot> snapshots) {
        while (true) {
            try {
                SocketChannel client = server.accept();
                Thread _ = Thread.ofVirtual().start(() -> serve(client, snapshots));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                ProcessLog.error("the control socket: " + e);
                return;
            }
        }
    }

    private static void serve(SocketChannel client, Supplier<Snapshot> snapshots) {
        try (client) {
            ByteBuffer word = ByteBuffer.allocate(LONGEST_WORD);
            int _ = client.read(word);
            String asked = StandardCharsets.UTF_8.decode(word.flip()).toString().strip();
            ByteBuffer answer =
                    ByteBuffer.wrap(
                            answer(asked, snapshots.get()).getBytes(StandardCharsets.UTF_8));
            while (answer.hasRemaining()) {
                int _ = client.write(answer);
            }
        } catch (IOException e) {
            // The asker is gone.
        }
    }

    private static String answer(String asked, Snapshot snapshot) {
        return switch (asked) {
            case "json" -> JsonReport.of(snapshot);
            case "metrics" -> MetricsReport.of(snapshot);
            default -> StatusReport.of(snapshot);
        };
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            ProcessLog.error("the control socket: " + e);
        }
    }
}
