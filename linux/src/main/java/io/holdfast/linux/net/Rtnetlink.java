package io.holdfast.linux.net;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.SystemCallException;
import io.holdfast.linux.process.Namespace;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The network configuration of one network namespace: what {@code ip link}, {@code ip address} and
 * {@code ip route} do, over a netlink socket (rtnetlink(7)), about 0.1 ms a change.
 *
 * <p>Changes are in force when a method returns. Refusals are {@link SystemCallException}s with the
 * errno and the kernel's own sentence. Thread-safe: one request at a time.
 */
public final class Rtnetlink implements AutoCloseable {
    /** The kernel's limit of an interface name, without the closing zero ({@code IFNAMSIZ}). */
    public static final int MAX_NAME_BYTES = 15;

    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    /** The kernel's own limit of what it puts into one message of a dump. */
    private static final int MAX_REPLY_BYTES = 64 * 1024;

    /** The kernel answers in microseconds; this only bounds waiting for an answer that was lost. */
    private static final long ANSWER_TIMEOUT_MILLIS = 5_000;

    /** Their acknowledgements fit into the smallest receive buffer a socket may have. */
    private static final int CHANGES_AT_ONCE = 64;

    private static final String PERMISSION_REMEDY =
            "run as root or grant CAP_NET_ADMIN; see `ip link` and `ip address` for what is there";

    private final KernelSocket socket;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private int sequence;

    private Rtnetlink(KernelSocket socket) {
        this.socket = socket;
    }

    /** For the network namespace of the calling thread. */
    public static Rtnetlink open() {
        KernelSocket socket =
                KernelSocket.open(
                        KernelSocket.AF_NETLINK,
                        KernelSocket.SOCK_RAW,
                        NETLINK_ROUTE,
                        "rtnetlink",
                        "check that the kernel has networking and that no sandbox forbids it");
        try {
            byte[] on = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(1).array();
            socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, on);
            socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, on);
            socket.setReceiveTimeoutMillis(ANSWER_TIMEOUT_MILLIS);
            return new Rtnetlink(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** For another network namespace; the socket stays there, the calling thread does not go. */
    public static Rtnetlink open(Namespace network) {
        return network.call(Rtnetlink::open);
    }

    // --- links ---

    public List<Link> links() {
        return dump(
                RtnetlinkRequests::dumpLinks, RtnetlinkRequests.NEW_LINK, RtnetlinkReplies::link);
    }

    public Optional<Link> link(String name) {
        requireName(name);
        try {
            NetlinkReply reply =
                    exchange(
                                    s -> RtnetlinkRequests.linkByName(s, name),
                                    Answer.ONE_MESSAGE,
                                    "link " + name)
                            .getFirst();
            return Optional.of(RtnetlinkReplies.link(reply));
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The link, or a Problem that names those there are. */
    public Link requireLink(String name) {
        return link(name).orElseThrow(() -> noSuchLink(name));
    }

    public void setUp(String name) {
        changeLink(name, (s, index) -> RtnetlinkRequests.setUp(s, index, true));
    }

    public void setDown(String name) {
        changeLink(name, (s, index) -> RtnetlinkRequests.setUp(s, index, false));
    }

    /** The link must be down, on kernels before 6.1. */
    public void rename(String name, String newName) {
        requireName(newName);
        changeLink(name, (s, index) -> RtnetlinkRequests.rename(s, index, newName));
    }

    public void setMacAddress(String name, MacAddress macAddress) {
        changeLink(name, (s, index) -> RtnetlinkRequests.setMac(s, index, macAddress));
    }

    /** Makes a link a port of a bridge. */
    public void setMaster(String portName, String bridgeName) {
        int bridge = requireLink(bridgeName).index();
        changeLink(portName, (s, index) -> RtnetlinkRequests.setMaster(s, index, bridge));
    }

    /** Takes a port out of its bridge: its wire stays up, but nothing passes any more. */
    public void clearMaster(String portName) {
        changeLink(portName, (s, index) -> RtnetlinkRequests.setMaster(s, index, 0));
    }

    /** Moves a link into another network namespace; addresses are lost on the way. */
    public void moveTo(String name, Namespace network) {
        int descriptor = network.descriptor().number();
        changeLink(name, (s, index) -> RtnetlinkRequests.moveToNamespace(s, index, descriptor));
    }

    /** Moves a link into the network namespace of a process. */
    public void moveToNamespaceOf(String name, long processId) {
        changeLink(
                name, (s, index) -> RtnetlinkRequests.moveToNamespaceOf(s, index, (int) processId));
    }

    public void createBridge(String name) {
        requireName(name);
        change(s -> RtnetlinkRequests.createBridge(s, name), "link " + name);
    }

    /** Two ends of one wire, both down. */
    public void createVethPair(String name, String peerName) {
        createVethPair(name, peerName, OptionalInt.empty());
    }

    /** Two ends of one wire, both down, the second one in another namespace. */
    public void createVethPair(String name, String peerName, Namespace peerNetwork) {
        createVethPair(name, peerName, OptionalInt.of(peerNetwork.descriptor().number()));
    }

    private void createVethPair(String name, String peerName, OptionalInt peerNamespace) {
        requireName(name);
        requireName(peerName);
        change(
                s -> RtnetlinkRequests.createVethPair(s, name, peerName, peerNamespace),
                "link " + name);
    }

    /** Deletes a link; of a veth pair, both ends go. */
    public void deleteLink(String name) {
        changeLink(name, RtnetlinkRequests::deleteLink);
    }

    // --- addresses ---

    public List<InterfaceAddress> addresses() {
        return dump(
                RtnetlinkRequests::dumpAddresses,
                RtnetlinkRequests.NEW_ADDRESS,
                RtnetlinkReplies::address);
    }

    public List<InterfaceAddress> addresses(String interfaceName) {
        int index = requireLink(interfaceName).index();
        return addresses().stream().filter(a -> a.interfaceIndex() == index).toList();
    }

    /** Whether some interface has this address. */
    public boolean hasAddress(InetAddress address) {
        return addresses().stream().anyMatch(a -> a.address().equals(address));
    }

    /**
     * Puts an address on an interface.
     *
     * @throws SystemCallException with {@link Errno#EEXIST} when it is there already
     */
    public void addAddress(String interfaceName, InetAddress address, int prefixLength) {
        addAddress(interfaceName, address, prefixLength, AddressOptions.PLAIN);
    }

    public void addAddress(
            String interfaceName, InetAddress address, int prefixLength, AddressOptions options) {
        putAddress(interfaceName, address, prefixLength, options, false);
    }

    /** Puts an address on an interface, or begins its lifetime anew when it is there. */
    public void addOrRefreshAddress(
            String interfaceName, InetAddress address, int prefixLength, AddressOptions options) {
        putAddress(interfaceName, address, prefixLength, options, true);
    }

    /**
     * Takes an address away.
     *
     * @return false when it was not there
     */
    public boolean removeAddress(String interfaceName, InetAddress address, int prefixLength) {
        requirePrefix(address, prefixLength);
        int index = requireLink(interfaceName).index();
        try {
            change(
                    s -> RtnetlinkRequests.removeAddress(s, index, address, prefixLength),
                    describe(address, prefixLength, interfaceName));
            return true;
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.EADDRNOTAVAIL)) {
                return false;
            }
            throw e;
        }
    }

    private void putAddress(
            String interfaceName,
            InetAddress address,
            int prefixLength,
            AddressOptions options,
            boolean replace) {
        requirePrefix(address, prefixLength);
        options.label().ifPresent(label -> requireLabel(interfaceName, label));
        int index = requireLink(interfaceName).index();
        change(
                s ->
                        RtnetlinkRequests.addAddress(
                                s, index, address, prefixLength, options, replace),
                describe(address, prefixLength, interfaceName));
    }

    // --- routes ---

    public void addRoute(Route route) {
        OptionalInt index = interfaceIndex(route);
        change(s -> RtnetlinkRequests.addRoute(s, route, index), "route " + route);
    }

    /** Takes a route away; false when it was not there. */
    public boolean removeRoute(Route route) {
        OptionalInt index = interfaceIndex(route);
        try {
            change(s -> RtnetlinkRequests.removeRoute(s, route, index), "route " + route);
            return true;
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.ESRCH)) {
                return false;
            }
            throw e;
        }
    }

    // --- many at once ---

    /**
     * Makes many changes, in order, with few system calls. A change that the kernel refuses does
     * not keep it from the others.
     *
     * @return what was refused; empty: all was done. An address, route or rule that is there
     *     already, or is to be taken away and is not there, is no refusal.
     */
    public List<Problem> apply(List<NetworkChange> changes) {
        List<Problem> refused = new ArrayList<>();
        for (int from = 0; from < changes.size(); from += CHANGES_AT_ONCE) {
            int to = Math.min(from + CHANGES_AT_ONCE, changes.size());
            applyFew(changes.subList(from, to), refused);
        }
        return refused;
    }

    private void applyFew(List<NetworkChange> changes, List<Problem> refused) {
        oneAtATime.lock();
        try {
            int first = sequence + 1;
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (NetworkChange change : changes) {
                requests.writeBytes(NetworkChangeRequests.request(++sequence, change).bytes());
            }
            socket.send(requests.toByteArray());
            int outstanding = changes.size();
            while (outstanding > 0) {
                for (NetlinkReply reply : NetlinkReply.parse(socket.receive(MAX_REPLY_BYTES))) {
                    int index = reply.sequence() - first;
                    if (index < 0
                            || index >= changes.size()
                            || reply.type() != NetlinkReply.TYPE_ERROR) {
                        continue;
                    }
                    outstanding--;
                    refusal(reply, changes.get(index)).ifPresent(refused::add);
                }
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    private static Optional<Problem> refusal(NetlinkReply reply, NetworkChange change) {
        try {
            checkResult(reply, change.describe());
            return Optional.empty();
        } catch (SystemCallException e) {
            return change.isHarmless(e.errno()) ? Optional.empty() : Optional.of(e.problem());
        }
    }

    /** An interface of its own with another Ethernet address on a link's wire; down at first. */
    public void createMacvlan(String name, String baseName, MacAddress macAddress) {
        requireName(name);
        int base = requireLink(baseName).index();
        change(s -> NetworkChangeRequests.createMacvlan(s, name, base, macAddress), "link " + name);
    }

    @Override
    public void close() {
        socket.close();
    }

    // --- asking ---

    private interface LinkRequest {
        NetlinkMessage build(int sequence, int index);
    }

    /** How the kernel answers a request that it does not refuse. */
    private enum Answer {
        ACKNOWLEDGEMENT,
        ONE_MESSAGE,
        MESSAGES_UNTIL_DONE
    }

    private void changeLink(String name, LinkRequest request) {
        int index = requireLink(name).index();
        change(s -> request.build(s, index), "link " + name);
    }

    private void change(IntFunction<NetlinkMessage> request, String object) {
        List<NetlinkReply> ignored = exchange(request, Answer.ACKNOWLEDGEMENT, object);
    }

    private <T> List<T> dump(
            IntFunction<NetlinkMessage> request, int type, Function<NetlinkReply, T> reader) {
        return exchange(request, Answer.MESSAGES_UNTIL_DONE, "rtnetlink").stream()
                .filter(reply -> reply.type() == type)
                .map(reader)
                .toList();
    }

    private List<NetlinkReply> exchange(
            IntFunction<NetlinkMessage> request, Answer expected, String object) {
        oneAtATime.lock();
        try {
            int mine = ++sequence;
            socket.send(request.apply(mine).bytes());
            return gather(mine, expected, object);
        } finally {
            oneAtATime.unlock();
        }
    }

    private List<NetlinkReply> gather(int mine, Answer expected, String object) {
        List<NetlinkReply> answers = new ArrayList<>();
        while (true) {
            for (NetlinkReply reply : NetlinkReply.parse(socket.receive(MAX_REPLY_BYTES))) {
                if (reply.sequence() != mine) {
                    continue; // the rest of an exchange that was given up
                }
                if (reply.type() == NetlinkReply.TYPE_ERROR
                        || reply.type() == NetlinkReply.TYPE_DONE) {
                    checkResult(reply, object);
                    return answers;
                }
                answers.add(reply);
                if (expected == Answer.ONE_MESSAGE) {
                    return answers;
                }
            }
        }
    }

    private static void checkResult(NetlinkReply reply, String object) {
        if (reply.type() == NetlinkReply.TYPE_ERROR && reply.errorNumber() != 0) {
            Errno errno = new Errno(reply.errorNumber());
            String why = errno + reply.errorText().map(text -> ": " + text).orElse("");
            throw new SystemCallException(
                    errno,
                    new Problem("the kernel refuses the change", object, why, remedy(errno)));
        }
    }

    private static String remedy(Errno errno) {
        if (errno.equals(Errno.EEXIST)) {
            return "remove the one that is there, or leave it as it is";
        }
        return PERMISSION_REMEDY;
    }

    private OptionalInt interfaceIndex(Route route) {
        return route.interfaceName().isPresent()
                ? OptionalInt.of(requireLink(route.interfaceName().get()).index())
                : OptionalInt.empty();
    }

    private ProblemException noSuchLink(String name) {
        return new ProblemException(
                new Problem(
                        "there is no such network interface",
                        name,
                        "this machine has "
                                + String.join(", ", links().stream().map(Link::name).toList()),
                        "name one of these, or create it first"));
    }

    private static void requireName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0
                || bytes > MAX_NAME_BYTES
                || name.indexOf('/') >= 0
                || name.chars().anyMatch(Character::isWhitespace)) {
            throw new ProblemException(
                    new Problem(
                            "this cannot be the name of a network interface",
                            name,
                            "the kernel allows 1 to 15 bytes without blanks and slashes",
                            "choose another name"));
        }
    }

    // ifconfig finds an alias by this rule; the kernel does not check it.
    private static void requireLabel(String interfaceName, String label) {
        requireName(label);
        if (!label.startsWith(interfaceName)) {
            throw new ProblemException(
                    new Problem(
                            "this cannot be the label of an address",
                            label,
                            "a label begins with its interface's name",
                            "call it " + interfaceName + ":1 or similar"));
        }
    }

    private static void requirePrefix(InetAddress address, int prefixLength) {
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new ProblemException(
                    new Problem(
                            "a prefix length of " + prefixLength + " is impossible",
                            address.getHostAddress(),
                            "the address has " + bits + " bits",
                            "use a prefix length from 0 to " + bits));
        }
    }

    private static String describe(InetAddress address, int prefixLength, String interfaceName) {
        return "address " + address.getHostAddress() + "/" + prefixLength + " on " + interfaceName;
    }
}
