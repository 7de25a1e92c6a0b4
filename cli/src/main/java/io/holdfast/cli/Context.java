package io.holdfast.cli;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.control.ControlClient;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.base.NodeId;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every command has: where it writes, and the daemons of the node it is about. */
public final class Context implements AutoCloseable {
    private final Terminal terminal;
    private final Map<String, String> environment;
    private @Nullable HoldfastPaths paths;
    private @Nullable ControlClient cluster;
    private @Nullable ControlClient storage;

    public Context(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    public Terminal terminal() {
        return terminal;
    }

    public Paint paint() {
        return terminal.paint();
    }

    /** The node whose daemons are asked. */
    public NodeId node() {
        return paths().node();
    }

    /** Where the cluster's key lies. */
    public Path keyFile() {
        return paths().etc().resolve("authkey");
    }

    /** Asks {@code clusterd} or {@code storaged}, whichever the request is for. */
    public <A extends Answer> A ask(Request<A> request) {
        return switch (request) {
            case ClusterRequest<A> _ -> cluster().ask(request);
            case StorageRequest<A> _ -> storage().ask(request);
        };
    }

    public void say(String line) {
        terminal.out().println(line);
    }

    @Override
    public void close() {
        terminal.out().flush();
        if (cluster != null) {
            cluster.close();
        }
        if (storage != null) {
            storage.close();
        }
    }

    private HoldfastPaths paths() {
        HoldfastPaths known = paths;
        if (known == null) {
            known = HoldfastPaths.from(environment);
            paths = known;
        }
        return known;
    }

    private ControlClient cluster() {
        ControlClient known = cluster;
        if (known == null) {
            known = new ControlClient(paths().clusterSocket());
            cluster = known;
        }
        return known;
    }

    private ControlClient storage() {
        ControlClient known = storage;
        if (known == null) {
            known = new ControlClient(paths().storageSocket());
            storage = known;
        }
        return known;
    }
}
