package io.holdfast.api.control;

import io.holdfast.api.control.ControlLine.Answered;
import io.holdfast.api.control.ControlLine.Asked;
import io.holdfast.api.control.ControlLine.Hello;
import io.holdfast.api.control.ControlLine.Progressed;
import io.holdfast.api.control.ControlLine.Refused;
import io.holdfast.api.control.DaemonUnreachableException.Reach;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Request;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks a daemon on this node. The connection is made by the first question and kept; when it
 * breaks, the questions under way fail and the next one connects again. Any number of threads may
 * ask at the same time over the one connection.
 *
 * <p>What the daemon refuses comes as {@link ProblemException}; that it could not be asked, or did
 * not answer in time, as {@link DaemonUnreachableException}. After the latter the request may or
 * may not have been carried out.
 */
public final class ControlClient implements AutoCloseable {
    private final Path path;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private final AtomicLong lastId = new AtomicLong();
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private final List<Runnable> lossListeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** For the daemon that listens at {@code path}; connects when first asked. */
    public ControlClient(Path path, Duration connectTimeout, Duration answerTimeout) {
        this.path = path;
        this.connectTimeout = connectTimeout;
        this.answerTimeout = answerTimeout;
    }

    /** With 2 s to connect and 30 s for an answer. */
    public ControlClient(Path path) {
        this(path, Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    /** Asks and waits for the answer. */
    public <A extends Answer> A ask(Request<A> request) {
        return ask(request, answerTimeout, Progress.NONE);
    }

    /** Asks and waits at most so long for the answer. */
    public <A extends Answer> A ask(Request<A> request, Duration timeout) {
        return ask(request, timeout, Progress.NONE);
    }

    /** Asks and waits, and hears of progress meanwhile (on another thread). */
    public <A extends Answer> A ask(Request<A> request, Duration timeout, Progress progress) {
        Connection kept = connection;
        long id = lastId.incrementAndGet();
        if (kept != null && !kept.broken) {
            try {
                return request.answerType().cast(kept.ask(request, id, timeout, progress));
            } catch (NotSentException e) {
                // The daemon was restarted since the last question: a new connection, then.
            }
        }
        try {
            return request.answerType().cast(connected().ask(request, id, timeout, progress));
        } catch (NotSentException e) {
            throw unreachable(Reach.LOST, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Has {@code listener} run (on a thread of this client) whenever a connection that was there
     * ends: the daemon most likely died. Who only watches must ask once, so that there is a
     * connection.
     */
    public void whenLost(Runnable listener) {
        lossListeners.add(listener);
    }

    @Override
    public void close() {
        closed = true;
        Connection open = connection;
        if (open != null) {
            open.channel.close();
        }
    }

    private Connection connected() {
        Connection open = connection;
        if (open != null && !open.broken) {
            return open;
        }
        connecting.lock();
        try {
            open = connection;
            if (open == null || open.broken) {
                open = connect();
                connection = open;
            }
            return open;
        } finally {
            connecting.unlock();
        }
    }

    private Connection connect() {
        if (closed) {
            throw unreachable(Reach.LOST, "this client was closed", null);
        }
        CompletableFuture<Connection> made = new CompletableFuture<>();
        SocketChannel socket = open();
        // Connecting blocks while the daemon's backlog is full, and its hello while it is stuck.
        Thread.ofVirtual().name("control-client").start(() -> converse(socket, made));
        try {
            return made.get(connectTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            closeQuietly(socket);
            throw unreachable(
                    Reach.SILENT,
                    "it did not answer within " + connectTimeout.toMillis() + " ms",
                    e);
        } catch (ExecutionException e) {
            closeQuietly(socket);
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw e.getCause() instanceof SocketException
                    ? unreachable(Reach.ABSENT, "nobody listens there: " + reason(e), e)
                    : unreachable(Reach.LOST, reason(e), e);
        } catch (InterruptedException e) {
            closeQuietly(socket);
            throw interrupted(e);
        }
    }

    private SocketChannel open() {
        try {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw unreachable(Reach.LOST, String.valueOf(e.getMessage()), e);
        }
    }

    private void converse(SocketChannel socket, CompletableFuture<Connection> made) {
        LineChannel channel = new LineChannel(socket);
        try {
            socket.connect(LineChannel.addressOf(path));
            channel.write(new Hello(ControlCodec.VERSION));
            requireSameVersion(channel.readLine());
        } catch (IOException | ProblemException e) {
            made.completeExceptionally(e);
            return;
        }
        Connection here = new Connection(channel);
        made.complete(here);
        here.readAnswers();
        if (!closed) {
            lossListeners.forEach(Runnable::run);
        }
    }

    private void requireSameVersion(byte @Nullable [] line) throws IOException {
        if (line == null) {
            throw new IOException("it closed the connection");
        }
        switch (ControlCodec.decode(line)) {
            case Hello(int version) when version == ControlCodec.VERSION -> {}
            case Refused(long _, Problem problem) -> throw new ProblemException(problem);
            default ->
                    throw new ProblemException(
                            new Problem(
                                    "the daemon speaks another version",
                                    path.toString(),
                                    "this command speaks version " + ControlCodec.VERSION,
                                    "restart the daemon after an upgrade, and use the commands of"
                                            + " the same version"));
        }
    }

    private DaemonUnreachableException unreachable(
            Reach reach, String why, @Nullable Throwable cause) {
        String file = String.valueOf(path.getFileName());
        String daemon = file.endsWith(".sock") ? file.substring(0, file.length() - 5) : file;
        return new DaemonUnreachableException(
                new Problem(
                        daemon + " cannot be asked",
                        path.toString(),
                        why,
                        "start it on this node, or name the right node's folder with"
                                + " HOLDFAST_ROOT"),
                reach,
                cause);
    }

    private DaemonUnreachableException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return unreachable(Reach.SILENT, "the wait for it was interrupted", cause);
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    private static void closeQuietly(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }

    /** One conversation; its reader is the virtual thread that made it. */
    private final class Connection {
        private final LineChannel channel;
        private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
        private volatile boolean broken;

        Connection(LineChannel channel) {
            this.channel = channel;
        }

        Answer ask(Request<?> request, long id, Duration timeout, Progress progress)
                throws NotSentException {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            waiting.put(id, new Waiting(answer, progress));
            try {
                send(new Asked(id, request));
                if (broken) {
                    throw unreachable(Reach.LOST, "the connection was lost", null);
                }
                return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw unreachable(
                        Reach.SILENT,
                        "no answer to "
                                + request.getClass().getSimpleName()
                                + " within "
                                + timeout.toMillis()
                                + " ms",
                        e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ProblemException problem) {
                    throw new ProblemException(problem.problem(), problem);
                }
                throw unreachable(Reach.LOST, reason(e), e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            } finally {
                waiting.remove(id);
            }
        }

        /** A line that was not written whole has no end, so the daemon does not act on it. */
        private void send(Asked line) throws NotSentException {
            try {
                channel.write(line);
            } catch (IOException e) {
                broken = true;
                throw new NotSentException(e);
            }
        }

        void readAnswers() {
            try (channel) {
                byte[] line;
                while ((line = channel.readLine()) != null) {
                    dispatch(ControlCodec.decode(line));
                }
                fail(new IOException("it closed the connection"));
            } catch (IOException | ProblemException e) {
                fail(e);
            }
        }

        private void dispatch(ControlLine line) {
            switch (line) {
                case Progressed(long id, String text) -> {
                    Waiting asker = waiting.get(id);
                    if (asker != null) {
                        asker.progress.report(text);
                    }
                }
                case Answered(long id, Answer answer) -> {
                    Waiting asker = waiting.get(id);
                    if (asker != null) {
                        asker.answer.complete(answer);
                    }
                }
                case Refused(long id, Problem problem) -> {
                    Waiting asker = waiting.get(id);
                    if (asker != null) {
                        asker.answer.completeExceptionally(new ProblemException(problem));
                    } else if (id < 0) {
                        fail(new ProblemException(problem));
                    }
                }
                case Hello _, Asked _ -> {
                    // Nothing a server says here; a later version may.
                }
            }
        }

        private void fail(Exception cause) {
            broken = true;
            waiting.values().forEach(asker -> asker.answer.completeExceptionally(cause));
        }
    }

    /** The daemon certainly did not get the request. */
    private static final class NotSentException extends Exception {
        NotSentException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private record Waiting(CompletableFuture<Answer> answer, Progress progress) {}
}
