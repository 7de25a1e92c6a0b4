package io.holdfast.bench;

import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.PidDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Two hosts with a VRRP daemon each and a client, on one bridge. */
final class VrrpWorld implements AutoCloseable {
    static final int A = 1;
    static final int B = 2;
    private static final int SIGTERM = 15;

    private final VrrpContender contender;
    private final Lab lab = Lab.create();
    private final Map<Integer, LabHost> hosts = new HashMap<>();
    private final Map<Integer, HostProcess> daemons = new HashMap<>();
    private final Map<Integer, DatagramChannel> services = new HashMap<>();
    private final LabHost client;

    VrrpWorld(VrrpContender contender) {
        this.contender = contender;
        LabNetwork network = lab.addNetwork("lan");
        for (int number : new int[] {A, B}) {
            hosts.put(
                    number,
                    lab.addHost(number == A ? "a" : "b")
                            .plug(network, "eth0", address("10.97.0." + number), 16));
        }
        client = lab.addHost("client").plug(network, "eth0", address("10.97.0.10"), 16);
        client.powerOn();
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    LabHost host(int number) {
        return Optional.ofNullable(hosts.get(number)).orElseThrow();
    }

    LabHost client() {
        return client;
    }

    void powerOn(int number) {
        host(number).powerOn();
        services.put(number, AddressProbe.serve(host(number), number));
    }

    void start(int number, String configuration) {
        daemons.put(number, contender.start(host(number), configuration));
    }

    /** Everything on the host dies at once, its wire first. */
    void crash(int number) throws IOException {
        host(number).powerOff();
        DatagramChannel service = services.remove(number);
        if (service != null) {
            service.close();
        }
        daemons.remove(number);
    }

    /** Asks the daemon to stop in order; returns at once. */
    void stop(int number) {
        Optional.ofNullable(daemons.get(number)).orElseThrow().signal(SIGTERM);
    }

    void kill(int number) {
        Optional.ofNullable(daemons.get(number)).orElseThrow().signal(PidDescriptor.SIGKILL);
    }

    boolean awaitEnd(int number, long millis) throws InterruptedException {
        return Optional.ofNullable(daemons.remove(number)).orElseThrow().waitFor(millis);
    }

    boolean has(int number, InetAddress address) {
        try (Rtnetlink rtnetlink = Rtnetlink.open(host(number).network())) {
            return rtnetlink.hasAddress(address);
        }
    }

    int addresses(int number) {
        try (Rtnetlink rtnetlink = Rtnetlink.open(host(number).network())) {
            List<InterfaceAddress> all = rtnetlink.addresses("eth0");
            return all.size();
        }
    }

    String logTail(int number) {
        String log = VrrpContender.log(host(number));
        return log.substring(Math.max(0, log.length() - 2_000));
    }

    /** Waits until something holds; returns when it came to hold, or −1 when it did not in time. */
    static long await(long limitMillis, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + limitMillis * 1_000_000;
        while (System.nanoTime() < until) {
            if (condition.getAsBoolean()) {
                return System.nanoTime();
            }
            Thread.sleep(1);
        }
        return -1;
    }

    /** Resident memory of all processes of the daemon on a host, in kB. */
    long residentKilobytes(int number) throws IOException {
        HostProcess asked =
                host(number)
                        .start(
                                List.of(
                                        "sh",
                                        "-c",
                                        "cat /proc/[0-9]*/status 2>/dev/null | awk '/^Name:/"
                                                + " {n=$2} /^VmRSS:/ && (n==\"java\" ||"
                                                + " n==\"keepalived\") {s+=$2} END {print s+0}'"),
                                Map.of(),
                                Optional.empty());
        return Long.parseLong(asked.readAll().strip());
    }

    /** Keeps a processor busy; on a host, so that it ends with the lab, however that ends. */
    void load() {
        HostProcess _ =
                client.start(
                        List.of("sh", "-c", "while :; do :; done"), Map.of(), Optional.empty());
    }

    @Override
    public void close() {
        services.values()
                .forEach(
                        s -> {
                            try {
                                s.close();
                            } catch (IOException e) {
                                // the lab takes its namespace away
                            }
                        });
        lab.close();
    }
}
