package io.holdfast.lab.world;

import io.holdfast.base.Invariant;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.AnonymousPipe;
import io.holdfast.linux.process.Namespace;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A little world of hosts and networks on this machine.
 *
 * <p>Nothing of it outlives this process, however it ends. Three things see to that:
 *
 * <ul>
 *   <li>namespaces, bridges and wires hang on descriptors that the kernel closes;
 *   <li>every host's first process, and with it all others of the host, reads from the lab's
 *       <i>lifeline</i>, a pipe whose only write end is here;
 *   <li>a caretaker process, which reads from it too, deletes the lab's directory afterwards.
 * </ul>
 *
 * <p>Labs do not see each other: their networks are private, so all may use the same addresses.
 */
public final class Lab implements AutoCloseable {
    private static final long CARETAKER_SECONDS = 20;

    // The last files may still be written by processes that are just being killed.
    private static final String CARETAKER_SCRIPT =
            "cat >/dev/null; for i in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- \"$0\" && exit 0; sleep 0.3;"
                    + " done";

    private final Path directory;
    private final AnonymousPipe lifeline;
    private final Process caretaker;
    private final Namespace switchRoom;
    private final Rtnetlink wiring;
    private final Thread closeAtExit;
    private final List<LabNetwork> networks = new ArrayList<>();
    private final List<LabHost> hosts = new ArrayList<>();
    private int ports;
    private boolean closed;
    private boolean kept;

    private Lab(
            Path directory,
            AnonymousPipe lifeline,
            Process caretaker,
            Namespace switchRoom,
            Rtnetlink wiring) {
        this.directory = directory;
        this.lifeline = lifeline;
        this.caretaker = caretaker;
        this.switchRoom = switchRoom;
        this.wiring = wiring;
        this.closeAtExit = Thread.ofPlatform().name("close-lab").unstarted(this::close);
    }

    /**
     * An empty lab with a directory of its own in {@code java.io.tmpdir}.
     *
     * @throws ProblemException that says what this machine lacks
     */
    public static Lab create() {
        LabRequirements.require();
        Namespace switchRoom = Namespace.create(Namespace.Kind.NETWORK);
        try {
            Rtnetlink wiring = Rtnetlink.open(switchRoom);
            AnonymousPipe lifeline = AnonymousPipe.create();
            Path directory = Files.createTempDirectory("holdfast-lab-");
            Process caretaker = startCaretaker(directory, lifeline);
            Lab lab = new Lab(directory, lifeline, caretaker, switchRoom, wiring);
            Runtime.getRuntime().addShutdownHook(lab.closeAtExit);
            return lab;
        } catch (IOException e) {
            switchRoom.close();
            throw new ProblemException(
                    new Problem(
                            "the lab's directory cannot be made",
                            System.getProperty("java.io.tmpdir", "/tmp"),
                            String.valueOf(e.getMessage()),
                            "name a writable folder: HOLDFAST_JAVA_OPTIONS=-Djava.io.tmpdir=…"),
                    e);
        }
    }

    private static Process startCaretaker(Path directory, AnonymousPipe lifeline)
            throws IOException {
        return new ProcessBuilder("setsid", "sh", "-c", CARETAKER_SCRIPT, directory.toString())
                .redirectInput(readEnd(lifeline))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    /** Where the hosts have their directories. */
    public Path directory() {
        return directory;
    }

    /** A new network: what is plugged in hears each other. */
    public synchronized LabNetwork addNetwork(String name) {
        requireOpen();
        String bridge = "net" + networks.size();
        wiring.createBridge(bridge);
        wiring.setUp(bridge);
        LabNetwork network = new LabNetwork(name, networks.size(), bridge);
        networks.add(network);
        return network;
    }

    /** A new host, switched off, without cables. */
    public synchronized LabHost addHost(String name) {
        requireOpen();
        Invariant.check(hosts.stream().noneMatch(h -> h.name().equals(name)), "two hosts %s", name);
        Path root = directory.resolve(name);
        try {
            Files.createDirectory(root);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the host's directory cannot be made",
                            root.toString(),
                            String.valueOf(e.getMessage()),
                            "free some space, or name another folder:"
                                    + " HOLDFAST_JAVA_OPTIONS=-Djava.io.tmpdir=…"),
                    e);
        }
        LabHost host = new LabHost(this, name, hosts.size(), root);
        hosts.add(host);
        return host;
    }

    public synchronized List<LabNetwork> networks() {
        return List.copyOf(networks);
    }

    public synchronized List<LabHost> hosts() {
        return List.copyOf(hosts);
    }

    /**
     * Hands the lab over: {@link #close} and the end of this process leave it as it is. The new
     * holder must have opened {@link #holdings} before.
     */
    public synchronized void leaveToHolder() {
        requireOpen();
        kept = true;
    }

    /** Paths of the descriptors that keep the lab alive, for a process that is to hold it. */
    public synchronized List<Path> holdings() {
        Path descriptors = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd");
        Path lifelineEnd = descriptors.resolve(String.valueOf(lifeline.writeEnd().number()));
        return Stream.concat(
                        Stream.of(lifelineEnd, switchRoom.path()),
                        hosts.stream().flatMap(LabHost::holdings))
                .toList();
    }

    /** Switches everything off and leaves nothing behind. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed || kept) {
                return;
            }
            closed = true;
            hosts.forEach(LabHost::abandon);
            lifeline.close();
            wiring.close();
            switchRoom.close();
        }
        awaitCaretaker();
        removeHook();
    }

    /** For the hosts' first processes. */
    File lifelineReadEnd() {
        return readEnd(lifeline);
    }

    /** For wires between a host and its networks. */
    Rtnetlink wiring() {
        return wiring;
    }

    Namespace switchRoom() {
        return switchRoom;
    }

    synchronized String newPortName() {
        return "port" + ports++;
    }

    private void requireOpen() {
        Invariant.check(!closed, "the lab %s is closed", directory);
    }

    private void awaitCaretaker() {
        try {
            if (!caretaker.waitFor(CARETAKER_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "holdfast: "
                                + directory
                                + " could not be deleted yet; `rm -rf` it when nothing uses it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The caretaker goes on by itself.
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException e) {
            // The process is ending anyway, and this call came first.
        }
    }

    private static File readEnd(AnonymousPipe lifeline) {
        return new File("/proc/self/fd/" + lifeline.readEnd().number());
    }
}
