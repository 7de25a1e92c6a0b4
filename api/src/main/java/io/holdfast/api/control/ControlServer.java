package io.holdfast.api.control;

import io.holdfast.api.control.ControlLine.Answered;
import io.holdfast.api.control.ControlLine.Asked;
import io.holdfast.api.control.ControlLine.Hello;
import io.holdfast.api.control.ControlLine.Progressed;
import io.holdfast.api.control.ControlLine.Refused;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Request;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Serves a {@link RequestHandler} on a Unix-domain socket that only this user can open (mode 0600).
 * Each connection has a virtual thread that reads, each request one that answers.
 */
public final class ControlServer implements AutoCloseable {
    /** Requests of one connection that may run at once; a client that asks more waits. */
    private static final int MAX_REQUESTS_RUNNING = 1024;

    private final Path path;
    private final RequestHandler handler;
    private final ServerSocketChannel server;
    private final Set<LineChannel> connections = ConcurrentHashMap.newKeySet();

    private ControlServer(Path path, RequestHandler handler) {
        this.path = path;
        this.handler = handler;
        this.server = bind(path);
    }

    /** Listens at {@code path}; its folder is made when missing. */
    public static ControlServer start(Path path, RequestHandler handler) {
        ControlServer server = new ControlServer(path, handler);
        Thread.ofVirtual().name("control-accept").start(server::accept);
        Thread.ofPlatform().daemon().name("control-learn").start(ControlCodec::learnMessages);
        return server;
    }

    /** Closes the socket and every connection; requests that run get no answer any more. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("closing " + path, e);
        } finally {
            connections.forEach(LineChannel::close);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                LineChannel connection = new LineChannel(server.accept());
                connections.add(connection);
                Thread.ofVirtual().name("control-read").start(() -> serve(connection));
            } catch (IOException e) {
                if (server.isOpen()) {
                    report(e);
                }
            }
        }
    }

    private void serve(LineChannel connection) {
        try (connection) {
            connection.write(new Hello(ControlCodec.VERSION));
            serveLines(connection);
        } catch (IOException e) {
            // The client went away; there is nobody left to tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private void serveLines(LineChannel connection) throws IOException, InterruptedException {
        try {
            byte[] line = connection.readLine();
            if (line == null || !agreed(connection, line)) {
                return;
            }
            Semaphore mayRun = new Semaphore(MAX_REQUESTS_RUNNING);
            while ((line = connection.readLine()) != null) {
                serveLine(connection, line, mayRun);
            }
        } catch (ProblemException e) {
            tell(connection, new Refused(-1, e.problem()));
        }
    }

    private static boolean agreed(LineChannel connection, byte[] line) {
        if (ControlCodec.decode(line) instanceof Hello(int version)
                && version == ControlCodec.VERSION) {
            return true;
        }
        tell(
                connection,
                new Refused(
                        -1,
                        new Problem(
                                "client and daemon speak different versions",
                                "control protocol",
                                "this daemon speaks version " + ControlCodec.VERSION,
                                "restart the daemon after an upgrade, and use the commands of the"
                                        + " same version")));
        return false;
    }

    private void serveLine(LineChannel connection, byte[] line, Semaphore mayRun)
            throws InterruptedException {
        Asked asked;
        try {
            if (!(ControlCodec.decode(line) instanceof Asked request)) {
                return;
            }
            asked = request;
        } catch (ProblemException e) {
            tell(connection, new Refused(ControlCodec.idOf(line), e.problem()));
            return;
        }
        mayRun.acquire();
        Thread.ofVirtual()
                .name("control-request")
                .start(
                        () -> {
                            try {
                                answer(connection, asked.id(), asked.request());
                            } finally {
                                mayRun.release();
                            }
                        });
    }

    private void answer(LineChannel connection, long id, Request<?> request) {
        ControlLine line;
        try {
            Answer answer =
                    handler.handle(request, text -> tell(connection, new Progressed(id, text)));
            line = new Answered(id, request.answerType().cast(answer));
        } catch (ProblemException e) {
            line = new Refused(id, e.problem());
        } catch (RuntimeException | Error e) {
            line = new Refused(id, bug(request, e));
            report(e);
        }
        tell(connection, line);
    }

    private static void tell(LineChannel connection, ControlLine line) {
        try {
            connection.write(line);
        } catch (ProblemException e) {
            if (line instanceof Answered(long id, Answer _)) {
                tell(connection, new Refused(id, e.problem()));
            }
        } catch (IOException e) {
            // The client went away; its reader thread ends the connection.
        }
    }

    private static Problem bug(Request<?> request, Throwable cause) {
        return new Problem(
                "a request failed inside the daemon",
                request.getClass().getSimpleName(),
                String.valueOf(cause),
                "see the daemon's log for the place, and report it as a bug of Holdfast");
    }

    private static void report(Throwable cause) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }

    private static ServerSocketChannel bind(Path path) {
        UnixDomainSocketAddress address = LineChannel.addressOf(path);
        try {
            Files.createDirectories(
                    path.toAbsolutePath().getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            removeLeftOver(path, address);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(address, 128);
            // Between bind and this the folder's mode protects it.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the control socket cannot be opened",
                            path.toString(),
                            String.valueOf(e.getMessage()),
                            "see that its folder belongs to this user and can be written"),
                    e);
        }
    }

    /** A socket nobody listens on was left by a daemon that died; one that answers is in use. */
    private static void removeLeftOver(Path path, UnixDomainSocketAddress address)
            throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(address);
        } catch (IOException refused) {
            Files.deleteIfExists(path);
            return;
        }
        throw new ProblemException(
                new Problem(
                        "the daemon runs already",
                        path.toString(),
                        "something answers on its control socket",
                        "stop that one first, or give this one its own HOLDFAST_ROOT"));
    }
}
