package io.holdfast.linux.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A socket of a family that Java does not know (netlink, packet, raw). It belongs to the network
 * namespace of the thread that opens it. Not thread-safe.
 */
final class KernelSocket implements AutoCloseable {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int AF_PACKET = 17;
    static final int SOCK_RAW = 3;
    static final int IPPROTO_RAW = 255;

    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MSG_TRUNC = 0x20;

    private static final MethodHandle SOCKET =
            LibC.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND =
            LibC.function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            LibC.function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND =
            LibC.function("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SENDTO =
            LibC.function(
                    "sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECV =
            LibC.function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private final FileDescriptor descriptor;
    private final String remedy;

    private KernelSocket(FileDescriptor descriptor, String remedy) {
        this.descriptor = descriptor;
        this.remedy = remedy;
    }

    /**
     * @param name for messages
     * @param remedy told when the kernel refuses
     */
    static KernelSocket open(int family, int type, int protocol, String name, String remedy) {
        CallState state = CallState.ofThread();
        int number;
        try {
            number =
                    (int)
                            SOCKET.invokeExact(
                                    state.segment(), family, type | SOCK_CLOEXEC, protocol);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (number < 0) {
            throw state.errno().failure("cannot open a socket", name, remedy);
        }
        return new KernelSocket(FileDescriptor.owning(number, name), remedy);
    }

    void bind(byte[] socketAddress) {
        CallState state = CallState.ofThread();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (int)
                            BIND.invokeExact(
                                    state.segment(),
                                    descriptor.number(),
                                    copy(arena, socketAddress),
                                    socketAddress.length);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        check(result, state, "cannot bind a socket");
    }

    void setOption(int level, int option, byte[] value) {
        CallState state = CallState.ofThread();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (int)
                            SETSOCKOPT.invokeExact(
                                    state.segment(),
                                    descriptor.number(),
                                    level,
                                    option,
                                    copy(arena, value),
                                    value.length);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        check(result, state, "cannot set option " + option + " of a socket");
    }

    /** How long {@link #receive} waits at most. */
    void setReceiveTimeoutMillis(long millis) {
        // struct timeval
        setOption(
                SOL_SOCKET,
                SO_RCVTIMEO,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.nativeOrder())
                        .putLong(millis / 1000)
                        .putLong(millis % 1000 * 1000)
                        .array());
    }

    void send(byte[] message) {
        CallState state = CallState.ofThread();
        long result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (long)
                            SEND.invokeExact(
                                    state.segment(),
                                    descriptor.number(),
                                    copy(arena, message),
                                    (long) message.length,
                                    0);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        checkSent(result, message, state);
    }

    void sendTo(byte[] message, byte[] socketAddress) {
        CallState state = CallState.ofThread();
        long result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (long)
                            SENDTO.invokeExact(
                                    state.segment(),
                                    descriptor.number(),
                                    copy(arena, message),
                                    (long) message.length,
                                    0,
                                    copy(arena, socketAddress),
                                    socketAddress.length);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        checkSent(result, message, state);
    }

    /** One message, which must not be longer than {@code maxBytes}. */
    ByteBuffer receive(int maxBytes) {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(maxBytes);
            long received = receiveOnce(buffer, state);
            while (received < 0 && state.errno().equals(Errno.EINTR)) {
                received = receiveOnce(buffer, state);
            }
            check(received < 0 ? -1 : 0, state, "no answer");
            if (received > maxBytes) {
                throw new MalformedNetlinkException(
                        "a message of " + received + " bytes; " + maxBytes + " were expected");
            }
            return ByteBuffer.wrap(buffer.asSlice(0, received).toArray(JAVA_BYTE))
                    .order(ByteOrder.nativeOrder());
        }
    }

    FileDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    // With MSG_TRUNC the kernel tells the true length of a message that did not fit.
    private long receiveOnce(MemorySegment buffer, CallState state) {
        try {
            return (long)
                    RECV.invokeExact(
                            state.segment(),
                            descriptor.number(),
                            buffer,
                            buffer.byteSize(),
                            MSG_TRUNC);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private void checkSent(long result, byte[] message, CallState state) {
        check(result < 0 ? -1 : 0, state, "cannot send " + message.length + " bytes");
    }

    private void check(int result, CallState state, String what) {
        if (result != 0) {
            throw state.errno().failure(what, descriptor.name(), remedy);
        }
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }
}
