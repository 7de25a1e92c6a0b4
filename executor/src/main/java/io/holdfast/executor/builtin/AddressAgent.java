package io.holdfast.executor.builtin;

import io.holdfast.executor.OcfCode;
import io.holdfast.executor.Task;
import io.holdfast.executor.address.FloatingAddress;
import io.holdfast.executor.address.FloatingAddresses;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentMetadata.Parameter;
import io.holdfast.executor.agent.AgentResult;
import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Link;
import io.holdfast.linux.net.Rtnetlink;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ocf:heartbeat:IPaddr2}: a floating address, put up only under a lease. */
final class AddressAgent implements Agent {
    private static final long LEASE_POLL_MILLIS = 5;

    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a floating address",
                    List.of(
                            Parameter.required("ip", "the address, IPv4 or IPv6"),
                            Parameter.optional(
                                    "nic", "", "interface; default: the one in the same network"),
                            Parameter.optional(
                                    "cidr_netmask", "", "prefix length; default: the network's"),
                            Parameter.optional("iflabel", "", "alias, IPv4 only")),
                    Map.of(
                            Task.START, Duration.ofSeconds(20),
                            Task.STOP, Duration.ofSeconds(20),
                            Task.MONITOR, Duration.ofSeconds(20)));

    private final FloatingAddresses addresses;
    private final Rtnetlink network;

    AddressAgent(FloatingAddresses addresses, Rtnetlink network) {
        this.addresses = addresses;
        this.network = network;
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        InetAddress ip = ip(call);
        return switch (call.task()) {
            case START -> {
                FloatingAddress place = place(call, ip);
                awaitLease(call);
                addresses.up(call.resource(), place);
                yield AgentResult.OK;
            }
            case STOP -> {
                addresses.down(call.resource(), ip);
                yield AgentResult.OK;
            }
            case MONITOR -> monitor(call, ip);
            case VALIDATE_ALL -> {
                place(call, ip);
                yield AgentResult.OK;
            }
            default -> Unimplemented.answer(call);
        };
    }

    /**
     * After a change of the view the lease of the new term may be some milliseconds later than the
     * order to start. A failed start would ban the resource from this node, so it waits a while.
     */
    private void awaitLease(AgentCall call) throws InterruptedException {
        long patience = Duration.ofMillis(call.timeoutMillis()).toNanos() / 2;
        long deadline = System.nanoTime() + patience;
        while (!addresses.isLeased() && System.nanoTime() - deadline < 0) {
            Thread.sleep(LEASE_POLL_MILLIS);
        }
    }

    private AgentResult monitor(AgentCall call, InetAddress ip) {
        // Without its interface it cannot be up; a start will say what is missing.
        boolean up =
                call.parameter("nic").isPresent()
                        ? addresses.isUp(
                                new FloatingAddress(
                                        nic(call).orElseThrow(), ip, 0, Optional.empty()))
                        : network.hasAddress(ip);
        return up ? AgentResult.OK : AgentResult.NOT_RUNNING;
    }

    /** Where it belongs: as configured, else where its network is. */
    private FloatingAddress place(AgentCall call, InetAddress ip) {
        Optional<Integer> prefix = call.parameter("cidr_netmask").map(mask -> prefix(mask, ip));
        Optional<String> nic = nic(call);
        Optional<InterfaceAddress> neighbour =
                nic.isPresent() && prefix.isPresent() ? Optional.empty() : inSameNetwork(ip, nic);
        String networkInterface =
                nic.orElseGet(
                        () -> neighbour.map(this::interfaceOf).orElseThrow(() -> noNetwork(ip)));
        int bits = ip.getAddress().length * 8;
        int prefixLength =
                prefix.orElseGet(() -> neighbour.map(InterfaceAddress::prefixLength).orElse(bits));
        return new FloatingAddress(
                network.requireLink(networkInterface).name(),
                ip,
                prefixLength,
                bits == Integer.SIZE
                        ? call.parameter("iflabel").map(label -> networkInterface + ":" + label)
                        : Optional.empty());
    }

    /** The closest network that holds the address, other floating addresses aside. */
    private Optional<InterfaceAddress> inSameNetwork(InetAddress ip, Optional<String> nic) {
        List<InterfaceAddress> candidates =
                nic.isPresent() ? network.addresses(nic.get()) : network.addresses();
        return candidates.stream()
                .filter(address -> !address.address().equals(ip))
                .filter(address -> contains(address, ip))
                .max(Comparator.comparingInt(InterfaceAddress::prefixLength));
    }

    private String interfaceOf(InterfaceAddress address) {
        return network.links().stream()
                .filter(link -> link.index() == address.interfaceIndex())
                .map(Link::name)
                .findFirst()
                .orElseThrow();
    }

    private static boolean contains(InterfaceAddress network, InetAddress ip) {
        byte[] one = network.address().getAddress();
        byte[] other = ip.getAddress();
        if (one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < network.prefixLength(); bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** IPaddr2 also takes {@code eth0:1}, of which only the interface counts. */
    private static Optional<String> nic(AgentCall call) {
        return call.parameter("nic").map(name -> name.split(":", 2)[0]);
    }

    private static InetAddress ip(AgentCall call) {
        String text = call.required("ip");
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw AgentException.notConfigured(
                    "parameter ip=" + text + " is not an address; names are not looked up");
        }
    }

    private static int prefix(String mask, InetAddress ip) {
        int bits = ip.getAddress().length * 8;
        try {
            int prefix = mask.contains(".") ? dotted(mask) : Integer.parseInt(mask);
            if (prefix >= 0 && prefix <= bits) {
                return prefix;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw AgentException.notConfigured(
                "parameter cidr_netmask=" + mask + " is not a prefix length from 0 to " + bits);
    }

    private static int dotted(String mask) {
        int prefix = 0;
        int value = 0;
        for (byte part : InetAddress.ofLiteral(mask).getAddress()) {
            value = value << 8 | Byte.toUnsignedInt(part);
        }
        while (prefix < 32 && (value & (0x8000_0000 >>> prefix)) != 0) {
            prefix++;
        }
        if (prefix < 32 && value << prefix != 0) {
            throw new IllegalArgumentException("a mask is ones, then zeros: " + mask);
        }
        return prefix;
    }

    private static AgentException noNetwork(InetAddress ip) {
        return new AgentException(
                OcfCode.NOT_INSTALLED,
                "no interface of this node is in the network of "
                        + ip.getHostAddress()
                        + "; name one with nic=, or give an interface an address of that network");
    }
}
