package io.holdfast.daemon.offline;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.DaemonUnreachableException;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.XmlLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a CIB comes from: a file, standard input, or the daemon of this node. */
final class CibSource {
    private static final String LIVE = "the running cluster";

    private final Map<String, String> environment;
    private final InputStream standardInput;

    CibSource(Map<String, String> environment, InputStream standardInput) {
        this.environment = environment;
        this.standardInput = standardInput;
    }

    /**
     * A CIB as it was found.
     *
     * @param name of the file, for messages
     */
    record Found(String name, Cib cib) {
        boolean isLive() {
            return name.equals(LIVE);
        }

        /** Upgrades it to the current schema and checks it. */
        CibVerifier.Verified verified() {
            return CibVerifier.verify(cib);
        }

        /** The CIB to decide from; one that has errors is refused, and every error is named. */
        Cib usable() {
            CibVerifier.Verified verified = verified();
            if (!verified.isUsable()) {
                throw new OfflineFailure(ExitCode.CONFIGURATION, invalid(verified.findings()));
            }
            return verified.cib();
        }

        private Problem invalid(List<Finding> findings) {
            List<Finding> errors = findings.stream().filter(Finding::isError).toList();
            Problem first = errors.getFirst().in(name);
            String more =
                    errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more errors)";
            return new Problem(
                    first.what() + more,
                    first.object(),
                    first.why() + "; nothing is decided from a CIB that has errors",
                    first.remedy() + "; `holdfast crm_verify -V` shows all that is wrong");
        }
    }

    /** Whatever was asked for; {@code pipe} and {@code live} go before the file. */
    Found find(@Nullable Path file, boolean pipe, boolean live) {
        if (pipe) {
            return standardInput();
        }
        if (live || file == null) {
            return live();
        }
        return file.toString().equals("-") ? standardInput() : file(file);
    }

    Found file(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new OfflineFailure(
                    ExitCode.NO_INPUT,
                    new Problem(
                            "cannot be read",
                            file.toString(),
                            Files.exists(file)
                                    ? "it is a folder, or its permissions forbid it"
                                    : "there is no such file",
                            "name the CIB's file with -x FILE"));
        }
        try {
            return new Found(file.toString(), Cib.read(file));
        } catch (ProblemException e) {
            throw new OfflineFailure(ExitCode.CONFIGURATION, e.problem());
        }
    }

    /** A CIB that was given on the command line. */
    static Found text(String xml) {
        try {
            return new Found("the command line", Cib.parse(xml));
        } catch (ProblemException e) {
            throw new OfflineFailure(ExitCode.CONFIGURATION, e.problem());
        }
    }

    private Found standardInput() {
        try {
            byte[] bytes = standardInput.readNBytes((int) XmlLimits.CIB.bytes() + 1);
            return new Found("standard input", Cib.parse(bytes, "standard input"));
        } catch (IOException e) {
            throw new OfflineFailure(
                    ExitCode.NO_INPUT,
                    new Problem(
                            "cannot be read",
                            "standard input",
                            String.valueOf(e.getMessage()),
                            "name a file with -x FILE"));
        } catch (ProblemException e) {
            throw new OfflineFailure(ExitCode.CONFIGURATION, e.problem());
        }
    }

    /** The CIB of the running cluster, as this node's clusterd knows it. */
    Found live() {
        try (ControlClient client =
                new ControlClient(HoldfastPaths.from(environment).clusterSocket())) {
            String text = client.ask(new ClusterRequest.CibShow()).text();
            return new Found(LIVE, Cib.parse(text));
        } catch (DaemonUnreachableException e) {
            throw new OfflineFailure(ExitCode.NO_INPUT, e.problem());
        }
    }

    /** The running cluster's CIB for a decision: without a state nothing can be decided. */
    static void requireStatus(Found found) {
        if (found.cib().status().children("node_state").isEmpty()) {
            throw new OfflineFailure(
                    ExitCode.NO_INPUT,
                    new Problem(
                            "the state of nodes and resources is not known yet",
                            found.name(),
                            "this node has not been in a quorate view since its clusterd began, so"
                                    + " a decision would take every node for lost",
                            "see `holdfast status`; ask again, or another node"));
        }
    }
}
