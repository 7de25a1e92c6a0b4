package io.holdfast.executor.builtin;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.executor.agent.AgentCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that stands for a resource of the agents for trying things out. */
record StateFile(Path path) {
    /** As the parameter {@code state} says, under the node's root; else one in its run folder. */
    static StateFile of(HoldfastPaths paths, AgentCall call) {
        return new StateFile(
                call.parameter("state")
                        .map(paths::resolve)
                        .orElseGet(
                                () ->
                                        paths.run()
                                                .resolve("agents")
                                                .resolve(
                                                        call.agent().type()
                                                                + "-"
                                                                + call.resource().replace('/', '_')
                                                                + ".state")));
    }

    boolean exists() {
        return Files.exists(path);
    }

    String read() {
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            throw problem("read", e);
        }
    }

    void write(String state) {
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, state + "\n");
        } catch (IOException e) {
            throw problem("written", e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw problem("deleted", e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private ProblemException problem(String done, IOException cause) {
        return new ProblemException(
                new Problem(
                        "a state file cannot be " + done,
                        path.toString(),
                        String.valueOf(cause.getMessage()),
                        "see that its folder can be written, or set another with state="),
                cause);
    }
}
