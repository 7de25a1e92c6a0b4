package io.holdfast.linux.net;

import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells of changes to links and addresses as the kernel makes them. It never waits; see {@link
 * io.holdfast.linux.poll.DescriptorPoll}. For one thread.
 */
public final class NetworkNews implements AutoCloseable {
    private static final int NETLINK_ROUTE = 0;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int ENOBUFS = 105;

    private static final int GROUP_LINK = 0x1;
    private static final int GROUP_IPV4_ADDRESS = 0x10;
    private static final int GROUP_IPV6_ADDRESS = 0x100;

    private final KernelSocket socket;

    private NetworkNews(KernelSocket socket) {
        this.socket = socket;
    }

    /** Something changed. */
    public sealed interface Change {
        /** A link is new, or other than before. */
        record LinkIs(Link link) implements Change {}

        record LinkGone(Link link) implements Change {}

        record AddressAdded(InterfaceAddress address) implements Change {}

        record AddressRemoved(InterfaceAddress address) implements Change {}

        /** Too much happened at once: whoever keeps a picture must look at everything anew. */
        record Missed() implements Change {}
    }

    /** In the network namespace of the calling thread. */
    public static NetworkNews open() {
        KernelSocket socket =
                KernelSocket.open(
                        KernelSocket.AF_NETLINK,
                        KernelSocket.SOCK_RAW | SOCK_NONBLOCK,
                        NETLINK_ROUTE,
                        "network news",
                        "check that the kernel has networking and that no sandbox forbids it");
        try {
            enlarge(socket);
            socket.bind( // struct sockaddr_nl
                    ByteBuffer.allocate(12)
                            .order(ByteOrder.nativeOrder())
                            .putShort((short) KernelSocket.AF_NETLINK)
                            .putShort((short) 0)
                            .putInt(0)
                            .putInt(GROUP_LINK | GROUP_IPV4_ADDRESS | GROUP_IPV6_ADDRESS)
                            .array());
            return new NetworkNews(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    public FileDescriptor descriptor() {
        return socket.descriptor();
    }

    /** What has happened since the last call; empty: nothing. */
    public List<Change> take() {
        List<Change> changes = new ArrayList<>();
        try {
            while (true) {
                for (NetlinkReply reply : NetlinkReply.parse(socket.receive(MAX_MESSAGE_BYTES))) {
                    read(reply, changes);
                }
            }
        } catch (SystemCallException e) {
            if (e.errno().number() == ENOBUFS) {
                changes.add(new Change.Missed());
            } else if (!e.errno().equals(Errno.EAGAIN)) {
                throw e;
            }
        }
        return changes;
    }

    @Override
    public void close() {
        socket.close();
    }

    private static void read(NetlinkReply reply, List<Change> changes) {
        switch (reply.type()) {
            case RtnetlinkRequests.NEW_LINK ->
                    changes.add(new Change.LinkIs(RtnetlinkReplies.link(reply)));
            case RtnetlinkRequests.DELETE_LINK ->
                    changes.add(new Change.LinkGone(RtnetlinkReplies.link(reply)));
            case RtnetlinkRequests.NEW_ADDRESS ->
                    changes.add(new Change.AddressAdded(RtnetlinkReplies.address(reply)));
            case RtnetlinkRequests.DELETE_ADDRESS ->
                    changes.add(new Change.AddressRemoved(RtnetlinkReplies.address(reply)));
            default -> {}
        }
    }

    private static void enlarge(KernelSocket socket) {
        try {
            socket.setOption(
                    SOL_SOCKET,
                    SO_RCVBUFFORCE,
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.nativeOrder())
                            .putInt(BUFFER_BYTES)
                            .array());
        } catch (SystemCallException e) {
            if (!e.errno().equals(Errno.EPERM)) {
                throw e;
            }
            // Without CAP_NET_ADMIN the ordinary size must do; Missed tells when it does not.
        }
    }
}
