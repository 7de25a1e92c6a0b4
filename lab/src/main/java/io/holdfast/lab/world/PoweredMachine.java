package io.holdfast.lab.world;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.process.Namespace;
import io.holdfast.linux.process.PidDescriptor;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A host from power-on to power-off: its namespaces and the process that all others hang on. */
final class PoweredMachine implements AutoCloseable {
    private static final long DEATH_SECONDS = 30;

    /** As process 1 of its PID namespace it takes every process of the host along when it ends. */
    private static final String INIT_SCRIPT = "echo ready; exec cat >/dev/null";

    private final String name;
    private final Namespace network;
    private final Namespace hostName;
    private final Process unshare;
    private final PidDescriptor init;

    private PoweredMachine(
            String name,
            Namespace network,
            Namespace hostName,
            Process unshare,
            PidDescriptor init) {
        this.name = name;
        this.network = network;
        this.hostName = hostName;
        this.unshare = unshare;
        this.init = init;
    }

    /**
     * Makes the namespaces and starts the first process in them.
     *
     * @param lifeline what the first process reads; at its end the host dies
     */
    static PoweredMachine start(String name, File lifeline) {
        Namespace network = Namespace.create(Namespace.Kind.NETWORK);
        Namespace hostName = Namespace.create(Namespace.Kind.HOST_NAME);
        try {
            hostName.setHostName(name);
            Process unshare = startInit(network, hostName, lifeline);
            return new PoweredMachine(name, network, hostName, unshare, awaitInit(name, unshare));
        } catch (RuntimeException e) {
            network.close();
            hostName.close();
            throw e;
        }
    }

    // A session of its own: Ctrl-C at the terminal is the lab's business, which then ends the
    // hosts.
    private static Process startInit(Namespace network, Namespace hostName, File lifeline) {
        List<String> command =
                List.of(
                        "setsid",
                        "nsenter",
                        "--net=" + network.path(),
                        "--uts=" + hostName.path(),
                        "unshare",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "sh",
                        "-c",
                        INIT_SCRIPT);
        try {
            return new ProcessBuilder(command)
                    .redirectInput(lifeline)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw cannotStart("unshare", String.valueOf(e.getMessage()));
        }
    }

    // The word comes when /proc is mounted and process 1 is the script.
    private static PidDescriptor awaitInit(String name, Process unshare) {
        String firstLine;
        try {
            firstLine = unshare.inputReader().readLine();
        } catch (IOException e) {
            firstLine = e.getMessage();
        }
        if (!"ready".equals(firstLine)) {
            unshare.destroyForcibly();
            throw cannotStart(name, String.valueOf(firstLine));
        }
        return unshare.children()
                .findFirst()
                .flatMap(child -> PidDescriptor.open(child.pid()))
                .orElseThrow(() -> cannotStart(name, "its first process has ended at once"));
    }

    private static ProblemException cannotStart(String object, String why) {
        return new ProblemException(
                new Problem(
                        "the host cannot be switched on",
                        object,
                        why,
                        "run as root on a kernel with PID namespaces; in a container, start that"
                                + " with --privileged"));
    }

    Namespace network() {
        return network;
    }

    long initProcessId() {
        return init.processId();
    }

    Stream<Path> holdings() {
        return Stream.of(network.path(), hostName.path());
    }

    HostProcess startProcess(
            Path root,
            List<String> command,
            Map<String, String> environment,
            Optional<Path> output) {
        List<String> entering =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "--target=" + init.processId(),
                                "--pid",
                                "--mount",
                                "--net",
                                "--uts",
                                "--",
                                // Entering a mount namespace leads to its root directory.
                                "sh",
                                "-c",
                                "cd \"$0\" && exec \"$@\"",
                                root.toString()));
        entering.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(entering).redirectErrorStream(true);
        Map<String, String> variables = builder.environment();
        variables.remove("HOLDFAST_NODE_NAME"); // a host is called what `uname -n` says
        variables.putAll(environment);
        variables.put("HOLDFAST_ROOT", root.toString());
        output.ifPresent(
                file -> {
                    Redirect append = Redirect.appendTo(file.toFile());
                    builder.redirectOutput(append);
                    builder.redirectInput(new File("/dev/null"));
                });
        try {
            return new HostProcess(command.getFirst() + " on " + name, builder.start());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "a program cannot be started on the host",
                            String.join(" ", command) + " on " + name,
                            String.valueOf(e.getMessage()),
                            "check that nsenter and the program are installed"),
                    e);
        }
    }

    /** Kills everything at once; the kernel reports the first process dead when all others are. */
    void kill() {
        init.kill();
        try {
            if (!unshare.waitFor(DEATH_SECONDS, TimeUnit.SECONDS)) {
                throw new ProblemException(
                        new Problem(
                                "a host does not die",
                                name,
                                "some process of it has not ended "
                                        + DEATH_SECONDS
                                        + " s after SIGKILL",
                                "look at `ps -eo pid,stat,wchan:32,args` for processes in state D"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // It was killed; nobody waits for the funeral.
        }
    }

    @Override
    public void close() {
        init.close();
        network.close();
        hostName.close();
    }
}
