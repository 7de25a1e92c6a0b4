package io.holdfast.linux.net;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tells the service manager how a service is (sd_notify(3)): one datagram to the Unix socket that
 * the environment variable {@code NOTIFY_SOCKET} names. Java's own Unix sockets know streams alone.
 */
public final class ServiceNotification {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    /** {@code sun_path} of struct sockaddr_un, unix(7). */
    private static final int LONGEST_PATH = 107;

    private final byte[] address;
    private final String name;

    private ServiceNotification(String name) {
        this.name = name;
        this.address = socketAddress(name);
    }

    /** To the manager that started this process; empty when none did that wants to be told. */
    public static Optional<ServiceNotification> fromEnvironment() {
        return Optional.ofNullable(System.getenv("NOTIFY_SOCKET"))
                .filter(name -> !name.isEmpty())
                .map(ServiceNotification::to);
    }

    /**
     * To the socket of this name; an abstract one begins with {@code @}.
     *
     * @throws ProblemException when the name is none that a socket can have
     */
    public static ServiceNotification to(String name) {
        return new ServiceNotification(name);
    }

    /** Sends assignments such as {@code READY=1} or {@code WATCHDOG=1}, one a line. */
    public void send(String assignments) {
        try (KernelSocket socket =
                KernelSocket.open(
                        AF_UNIX,
                        SOCK_DGRAM,
                        0,
                        name,
                        "check NOTIFY_SOCKET, and NotifyAccess in the unit")) {
            socket.sendTo(assignments.getBytes(StandardCharsets.UTF_8), address);
        }
    }

    static byte[] socketAddress(String name) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (path.length > LONGEST_PATH || !(isAbstract || name.startsWith("/"))) {
            throw new ProblemException(
                    new Problem(
                            "the service manager's socket has no usable name",
                            name,
                            "it is neither an absolute path nor an abstract name (@…) of at most "
                                    + LONGEST_PATH
                                    + " bytes",
                            "unset NOTIFY_SOCKET when no service manager started this process"));
        }
        ByteBuffer address =
                ByteBuffer.allocate(2 + path.length + (isAbstract ? 0 : 1))
                        .order(ByteOrder.nativeOrder());
        address.putShort((short) AF_UNIX).put(path);
        if (isAbstract) {
            address.put(2, (byte) 0);
        }
        return address.array();
    }
}
