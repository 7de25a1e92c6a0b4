package io.holdfast.vrrp.driver;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.AddressOptions;
import io.holdfast.linux.net.MacAddress;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.Namespace;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A bridge and hosts on it, each in a network namespace of the test's own. */
final class Segment implements AutoCloseable {
    private final Namespace switchRoom;
    private final Rtnetlink wiring;
    private final List<Host> hosts = new ArrayList<>();

    private Segment(Namespace switchRoom) {
        this.switchRoom = switchRoom;
        this.wiring = Rtnetlink.open(switchRoom);
        wiring.createBridge("br0");
        wiring.setUp("br0");
    }

    static Segment create() {
        try {
            return new Segment(Namespace.create(Namespace.Kind.NETWORK));
        } catch (ProblemException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    /** With eth0 up, 10.99.0.NUMBER/24 and a link-local address that is usable at once. */
    Host addHost(int number) {
        Host host = new Host(number, "port" + hosts.size());
        hosts.add(host);
        return host;
    }

    Namespace switchRoom() {
        return switchRoom;
    }

    @Override
    public void close() {
        hosts.forEach(Host::close);
        wiring.close();
        switchRoom.close();
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    final class Host implements AutoCloseable {
        private final Namespace network = Namespace.create(Namespace.Kind.NETWORK);
        private final Rtnetlink rtnetlink = Rtnetlink.open(network);
        private final String port;
        private final int number;

        Host(int number, String port) {
            this.number = number;
            this.port = port;
            wiring.createVethPair(port, "eth0", network);
            rtnetlink.setMacAddress("eth0", new MacAddress(0x0200_0a63_0000L | number));
            rtnetlink.setUp("lo");
            rtnetlink.setUp("eth0");
            wiring.setMaster(port, "br0");
            wiring.setUp(port);
            rtnetlink.addAddress("eth0", Segment.address("10.99.0." + number), 24);
            rtnetlink.addAddress(
                    "eth0", Segment.address("fe80::99:" + number), 64, AddressOptions.PLAIN);
        }

        Namespace network() {
            return network;
        }

        Rtnetlink rtnetlink() {
            return rtnetlink;
        }

        String address() {
            return "10.99.0." + number;
        }

        boolean has(String address) {
            return rtnetlink.hasAddress(Segment.address(address));
        }

        /** Packets no longer pass, the carrier stays. */
        void cut() {
            wiring.clearMaster(port);
        }

        void heal() {
            wiring.setMaster(port, "br0");
        }

        /** The cable is pulled. */
        void unplug() {
            wiring.setDown(port);
        }

        void plug() {
            wiring.setUp(port);
        }

        @Override
        public void close() {
            rtnetlink.close();
            network.close();
        }
    }
}
