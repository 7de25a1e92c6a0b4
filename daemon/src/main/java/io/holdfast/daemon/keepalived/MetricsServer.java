package io.holdfast.daemon.keepalived;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.report.MetricsReport;
import io.holdfast.daemon.keepalived.report.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * {@code --metrics=[ADDRESS:]PORT}: Prometheus' way to ask. The JDK's own server, loaded only when
 * it is wanted; without an address it listens on the loopback interface.
 */
final class MetricsServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int OK = 200;

    private final HttpServer server;

    private MetricsServer(HttpServer server) {
        this.server = server;
    }

    static MetricsServer open(String where, Supplier<Snapshot> snapshots) {
        int colon = where.lastIndexOf(':');
        String address = colon < 0 ? LOOPBACK : where.substring(0, colon);
        try {
            int port = Integer.parseInt(where.substring(colon + 1));
            HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 16);
            server.createContext(
                    "/metrics",
                    exchange -> {
                        try (exchange) {
                            byte[] body =
                                    MetricsReport.of(snapshots.get())
                                            .getBytes(StandardCharsets.UTF_8);
                            exchange.getResponseHeaders()
                                    .set("Content-Type", "text/plain; version=0.0.4");
                            exchange.sendResponseHeaders(OK, body.length);
                            exchange.getResponseBody().write(body);
                        }
                    });
            server.start();
            return new MetricsServer(server);
        } catch (IOException | IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(
                            "metrics cannot be served",
                            where,
                            String.valueOf(e.getMessage()),
                            "write --metrics=PORT or --metrics=ADDRESS:PORT, of a free port"),
                    e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
