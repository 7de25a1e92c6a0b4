package io.holdfast.iscsi.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket that tells whoever connects what is served now, as text, and closes. */
final class StatusSocket implements AutoCloseable {
    /** Answers nobody. */
    static final StatusSocket NONE = new StatusSocket(null, Path.of("none"), () -> "");

    private static final Logger LOG = LoggerFactory.getLogger(StatusSocket.class);

    private final @Nullable ServerSocketChannel channel;
    private final Path path;
    private final Supplier<String> text;

    private StatusSocket(@Nullable ServerSocketChannel channel, Path path, Supplier<String> text) {
        this.channel = channel;
        this.path = path;
        this.text = text;
    }

    static StatusSocket open(Path path, Supplier<String> text) {
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(path));
            StatusSocket socket = new StatusSocket(channel, path, text);
            Thread.ofVirtual().name("iscsi-status").start(() -> socket.serve(channel));
            return socket;
        } catch (IOException e) {
            throw problem(path, e.toString(), "choose a folder that can be written to");
        }
    }

    private void serve(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try (SocketChannel client = listening.accept()) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.get());
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            } catch (IOException e) {
                LOG.debug("status socket {}", path, e);
            }
        }
    }

    /** What the process behind the socket serves. */
    static String ask(Path path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer part = ByteBuffer.allocate(64 << 10);
            while (channel.read(part) >= 0) {
                all.write(part.array(), 0, part.position());
                part.clear();
            }
            return all.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw problem(
                    path, e.toString(), "serve with `holdfast iscsi serve --control " + path + "`");
        }
    }

    private static ProblemException problem(Path path, String why, String remedy) {
        return new ProblemException(
                new Problem("the control socket cannot be used", path.toString(), why, remedy));
    }

    @Override
    public void close() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("closing the status socket {}", path, e);
        }
    }
}
