package io.holdfast.api.control;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Lines over a socket: one reader thread, any number of writers. */
final class LineChannel implements AutoCloseable {
    /** What {@code sun_path} holds, less the closing NUL. */
    private static final int MAX_PATH_BYTES = 107;

    private final SocketChannel socket;
    private final ReentrantLock writing = new ReentrantLock();
    private byte[] buffered = new byte[8192];
    private int start;
    private int end;

    LineChannel(SocketChannel socket) {
        this.socket = socket;
    }

    static UnixDomainSocketAddress addressOf(Path path) {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new ProblemException(
                    new Problem(
                            "the control socket's path is too long",
                            path.toString(),
                            "Linux allows " + MAX_PATH_BYTES + " bytes",
                            "choose a shorter HOLDFAST_ROOT"));
        }
        return UnixDomainSocketAddress.of(path);
    }

    void write(ControlLine line) throws IOException {
        byte[] bytes = ControlCodec.encode(line);
        if (bytes.length > ControlCodec.MAX_LINE_BYTES) {
            throw tooLong();
        }
        byte[] closed = Arrays.copyOf(bytes, bytes.length + 1);
        closed[bytes.length] = '\n';
        ByteBuffer buffer = ByteBuffer.wrap(closed);
        writing.lock();
        try {
            while (buffer.hasRemaining()) {
                socket.write(buffer);
            }
        } finally {
            writing.unlock();
        }
    }

    /** The next line without its newline, or null when the other side has closed. */
    byte @Nullable [] readLine() throws IOException {
        int searched = start;
        while (true) {
            for (int at = searched; at < end; at++) {
                if (buffered[at] == '\n') {
                    byte[] line = Arrays.copyOfRange(buffered, start, at);
                    start = at + 1;
                    return line;
                }
            }
            searched = end - start;
            makeRoom();
            int count = socket.read(ByteBuffer.wrap(buffered, end, buffered.length - end));
            if (count < 0) {
                return null;
            }
            end += count;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("closing a control socket", e);
        }
    }

    /** Moves what is unread to the front; grows only for a line that is longer than the buffer. */
    private void makeRoom() {
        int unread = end - start;
        if (unread > ControlCodec.MAX_LINE_BYTES) {
            throw tooLong();
        }
        int size = unread == buffered.length ? buffered.length * 2 : buffered.length;
        byte[] target = size == buffered.length ? buffered : new byte[size];
        System.arraycopy(buffered, start, target, 0, unread);
        buffered = target;
        start = 0;
        end = unread;
    }

    private static ProblemException tooLong() {
        return new ProblemException(
                new Problem(
                        "a control message is too long",
                        "a line of the control protocol",
                        "at most " + ControlCodec.MAX_LINE_BYTES + " bytes are accepted",
                        "ask for less at once, or split the configuration"));
    }
}
