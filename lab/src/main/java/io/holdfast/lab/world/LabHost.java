package io.holdfast.lab.world;

import io.holdfast.base.Invariant;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.MacAddress;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.Namespace;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A machine: a name, a directory, network interfaces, and a power button.
 *
 * <p>While it is on it has a network namespace, a UTS namespace with its name, and a PID namespace
 * whose first process keeps all the others alive. Switching it off is a power cut: its cables fall
 * silent at once, then everything on it is killed at once, and its interfaces, addresses and
 * connections are gone; its directory stays, as a disk does.
 *
 * <pre>
 *             powerOn                    cut(network) / heal(network): the cable, on or off
 *   OFF  --------------->  ON            a host hears a network while it is on and the
 *        <---------------                cable is whole
 *             powerOff
 * </pre>
 */
public final class LabHost {
    private final Lab lab;
    private final String name;
    private final int number;
    private final Path root;
    private final List<Cable> cables = new ArrayList<>();
    private @Nullable PoweredMachine machine;

    /** A cable, its interface here, and its port in the switch room while the host is on. */
    private static final class Cable {
        final LabNetwork network;
        final String interfaceName;
        final InetAddress address;
        final int prefixLength;
        String port = "";
        boolean whole = true;

        Cable(LabNetwork network, String interfaceName, InetAddress address, int prefixLength) {
            this.network = network;
            this.interfaceName = interfaceName;
            this.address = address;
            this.prefixLength = prefixLength;
        }
    }

    LabHost(Lab lab, String name, int number, Path root) {
        this.lab = lab;
        this.name = name;
        this.number = number;
        this.root = root;
    }

    public String name() {
        return name;
    }

    /** Its directory: {@code HOLDFAST_ROOT} of what runs here. */
    public Path root() {
        return root;
    }

    /** Adds an interface with an address on a network; only while the host is off. */
    public synchronized LabHost plug(
            LabNetwork network, String interfaceName, InetAddress address, int prefixLength) {
        Invariant.check(machine == null, "%s is on", name);
        cables.add(new Cable(network, interfaceName, address, prefixLength));
        return this;
    }

    /** Its address on a network. */
    public synchronized InetAddress addressOn(LabNetwork network) {
        return cable(network).address;
    }

    public synchronized boolean isOn() {
        return machine != null;
    }

    public synchronized void powerOn() {
        Invariant.check(machine == null, "%s is on already", name);
        PoweredMachine started = PoweredMachine.start(name, lab.lifelineReadEnd());
        machine = started;
        try (Rtnetlink interfaces = Rtnetlink.open(started.network())) {
            interfaces.setUp("lo");
            cables.forEach(cable -> connect(cable, started.network(), interfaces));
        }
    }

    /** A power cut; returns when nothing of the host runs any more. Off already: nothing. */
    public synchronized void powerOff() {
        PoweredMachine running = machine;
        if (running == null) {
            return;
        }
        machine = null;
        // First the silence: no packet may leave between the death of one process and the next.
        cables.stream()
                .filter(cable -> cable.whole)
                .forEach(cable -> lab.wiring().clearMaster(cable.port));
        running.kill();
        cables.forEach(cable -> lab.wiring().deleteLink(cable.port));
        running.close();
    }

    /** Pulls the cable in the switch room: packets are lost both ways, and neither end is told. */
    public synchronized void cut(LabNetwork network) {
        Cable cable = cable(network);
        if (cable.whole && machine != null) {
            lab.wiring().clearMaster(cable.port);
        }
        cable.whole = false;
    }

    /** Puts the cable back. */
    public synchronized void heal(LabNetwork network) {
        Cable cable = cable(network);
        if (!cable.whole && machine != null) {
            lab.wiring().setMaster(cable.port, cable.network.bridge());
        }
        cable.whole = true;
    }

    public synchronized boolean hears(LabNetwork network) {
        return machine != null && cable(network).whole;
    }

    /** Cuts all cables at once, as far as one after the other is at once (0.1 ms each). */
    public synchronized void isolate() {
        cables.forEach(cable -> cut(cable.network));
    }

    /** Heals all cables. */
    public synchronized void rejoin() {
        cables.forEach(cable -> heal(cable.network));
    }

    /**
     * Starts a program on this host.
     *
     * @param environment added to the lab's own; {@code HOLDFAST_ROOT} is always set
     * @param output where its output goes, appended; empty: to pipes
     */
    public HostProcess start(
            List<String> command, Map<String, String> environment, Optional<Path> output) {
        return requireOn().startProcess(root, command, environment, output);
    }

    /** The network namespace, for looking at interfaces and opening sockets in it. */
    public Namespace network() {
        return requireOn().network();
    }

    /** The process number, as the lab sees it, of the host's first process. */
    public long firstProcessId() {
        return requireOn().initProcessId();
    }

    /** The end of the lab: no order is needed, for nobody watches any more. */
    synchronized void abandon() {
        PoweredMachine running = machine;
        machine = null;
        if (running != null) {
            running.kill();
            running.close();
        }
    }

    synchronized Stream<Path> holdings() {
        PoweredMachine running = machine;
        return running == null ? Stream.empty() : running.holdings();
    }

    private synchronized PoweredMachine requireOn() {
        PoweredMachine running = machine;
        if (running == null) {
            throw new ProblemException(
                    new Problem(
                            "nothing can be done on a host that is off",
                            name,
                            "its power was cut",
                            "switch it on first"));
        }
        return running;
    }

    private void connect(Cable cable, Namespace network, Rtnetlink interfaces) {
        Rtnetlink wiring = lab.wiring();
        cable.port = lab.newPortName();
        wiring.createVethPair(cable.port, cable.interfaceName, network);
        interfaces.setMacAddress(cable.interfaceName, macAddress(cable));
        interfaces.addAddress(cable.interfaceName, cable.address, cable.prefixLength);
        interfaces.setUp(cable.interfaceName);
        wiring.setUp(cable.port);
        if (cable.whole) {
            wiring.setMaster(cable.port, cable.network.bridge());
        }
    }

    // The same after each power-on, as a real card's: neighbours remember it. 02: locally
    // administered.
    private MacAddress macAddress(Cable cable) {
        return new MacAddress(
                0x02_48_46_00_00_00L | ((long) cable.network.number() << 8) | (number + 1));
    }

    private Cable cable(LabNetwork network) {
        return cables.stream()
                .filter(c -> c.network.equals(network))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        name + " has no cable to network " + network));
    }

    @Override
    public String toString() {
        return name;
    }
}
