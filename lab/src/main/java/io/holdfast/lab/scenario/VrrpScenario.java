package io.holdfast.lab.scenario;

import io.holdfast.lab.check.Checks;
import io.holdfast.lab.check.Scenario;
import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.vrrp.FrameWatch;
import io.holdfast.lab.vrrp.StandIns;
import io.holdfast.lab.vrrp.VrrpNode;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Two machines with a floating address and a client: what scenarios s2 and s3 have in common. */
abstract class VrrpScenario implements Scenario {
    /** What a scenario is told of its world. */
    record World(
            VrrpNode first,
            StandIns firstServices,
            VrrpNode second,
            StandIns secondServices,
            LabHost client,
            InetAddress floating,
            FrameWatch watch) {

        /** The client sends something to the floating address, so that it knows where that is. */
        void clientSpeaks() throws InterruptedException {
            boolean _ = client.network().call(this::speak);
            Thread.sleep(200);
        }

        private boolean speak() {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[1], 1, floating, DISCARD_PORT));
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What the client believes about the floating address, as {@code ip neigh} shows it. */
        String neighbour() {
            return client.start(
                            List.of("ip", "neigh", "show", floating.getHostAddress()),
                            Map.of(),
                            Optional.empty())
                    .readAll()
                    .strip();
        }
    }

    private static final int DISCARD_PORT = 9;

    private final String interfaceName;
    private final String network;
    private final int firstNumber;
    private final int prefixLength;
    private final InetAddress floating;

    /**
     * A world of this kind.
     *
     * @param network the first three bytes of the addresses: {@code 172.16.10}
     * @param firstNumber the last byte of the first machine's; the second has the next one
     */
    VrrpScenario(
            String interfaceName, String network, int firstNumber, int prefixLength, int floating) {
        this.interfaceName = interfaceName;
        this.network = network;
        this.firstNumber = firstNumber;
        this.prefixLength = prefixLength;
        this.floating = address(network + "." + floating);
    }

    @Override
    public final void run(Checks checks, boolean keep, Consumer<String> told)
            throws InterruptedException {
        HoldfastProgram program = HoldfastProgram.find();
        try (Lab lab = Lab.create()) {
            LabNetwork wire = lab.addNetwork("lan");
            LabHost one = host(lab, wire, "node1", firstNumber);
            LabHost two = host(lab, wire, "node2", firstNumber + 1);
            LabHost client = host(lab, wire, "client", firstNumber + 2);
            one.powerOn();
            two.powerOn();
            client.powerOn();
            try (FrameWatch watch = new FrameWatch(client, interfaceName, floating)) {
                World world =
                        new World(
                                new VrrpNode(one, interfaceName, program),
                                new StandIns(one.root(), two.root()),
                                new VrrpNode(two, interfaceName, program),
                                new StandIns(two.root(), one.root()),
                                client,
                                floating,
                                watch);
                play(world, checks, told);
            }
        }
        if (keep) {
            told.accept("this scenario keeps nothing: its daemons end with it");
        }
    }

    abstract void play(World world, Checks checks, Consumer<String> told)
            throws InterruptedException;

    InetAddress floating() {
        return floating;
    }

    /** The last byte of the Ethernet address of a host: the lab numbers them from 1. */
    static final int FIRST_MAC = 1;

    static final int SECOND_MAC = 2;

    private LabHost host(Lab lab, LabNetwork wire, String name, int number) {
        return lab.addHost(name)
                .plug(wire, interfaceName, address(network + "." + number), prefixLength);
    }

    /** How long it took, in ms; a failed check when it did not come in time. */
    static long await(String what, long limitMillis, BooleanSupplier condition)
            throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            Checks.require(
                    System.nanoTime() - begun < limitMillis * 1_000_000,
                    what + ": not within " + limitMillis + " ms");
            Thread.sleep(5);
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** That these calls were made, in this order, others between them or not. */
    static String calledInOrder(StandIns services, List<String> wanted) {
        int found = 0;
        for (String call : services.calls()) {
            if (found < wanted.size() && call.endsWith(wanted.get(found))) {
                found++;
            }
        }
        Checks.require(
                found == wanted.size(),
                "expected " + wanted + " in order, the calls were " + services.calls());
        return String.join(", then ", wanted);
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
