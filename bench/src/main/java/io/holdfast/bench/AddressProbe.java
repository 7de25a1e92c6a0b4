package io.holdfast.bench;

import io.holdfast.lab.world.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A client that asks a floating address every 10 ms, over UDP, who answers there; and the services
 * that answer.
 */
final class AddressProbe implements AutoCloseable {
    static final long INTERVAL_NANOS = 10_000_000;
    private static final int PORT = 7007;
    private static final int QUESTION_BYTES = 8;

    /** One question: when it was sent, and which host answered (0: none). */
    record Probe(long sentNanos, int answeredBy, long answeredNanos) {}

    private final DatagramChannel channel;
    private final InetSocketAddress target;
    private final Thread asker;
    private final Thread hearer;
    private final long[] sent = new long[600_000];
    private final long[] answered = new long[600_000];
    private final byte[] by = new byte[600_000];
    private volatile int count;
    private volatile boolean ends;

    private AddressProbe(LabHost client, InetAddress address) {
        this.channel = in(client, DatagramChannel::open);
        this.target = new InetSocketAddress(address, PORT);
        this.asker = Thread.ofPlatform().name("asks").daemon().start(this::ask);
        this.hearer = Thread.ofPlatform().name("hears").daemon().start(this::hear);
    }

    static AddressProbe start(LabHost client, InetAddress address) {
        return new AddressProbe(client, address);
    }

    /** A service on a host that answers with the host's number; ends with the channel. */
    static DatagramChannel serve(LabHost host, int number) {
        DatagramChannel service =
                in(
                        host,
                        () -> {
                            DatagramChannel opened = DatagramChannel.open();
                            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                            return opened.bind(new InetSocketAddress("0.0.0.0", PORT));
                        });
        Thread _ =
                Thread.ofPlatform()
                        .name("serves-" + number)
                        .daemon()
                        .start(() -> answer(service, number));
        return service;
    }

    private static void answer(DatagramChannel service, int number) {
        ByteBuffer buffer = ByteBuffer.allocate(QUESTION_BYTES + 1);
        while (true) {
            try {
                buffer.clear();
                var asker = service.receive(buffer);
                buffer.put((byte) number).flip();
                service.send(buffer, asker);
            } catch (java.nio.channels.ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // The address, or the way back, is just being taken away.
            }
        }
    }

    /** All questions so far. */
    List<Probe> probes() {
        int until = count;
        List<Probe> probes = new ArrayList<>(until);
        for (int i = 0; i < until; i++) {
            probes.add(new Probe(sent[i], by[i], answered[i]));
        }
        return probes;
    }

    /** Who answered last; 0: nobody yet. */
    int answeredBy() {
        for (int i = count - 1; i >= 0; i--) {
            if (by[i] != 0) {
                return by[i];
            }
        }
        return 0;
    }

    @Override
    public void close() {
        ends = true;
        try {
            asker.join();
            channel.close();
            hearer.join();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ask() {
        long next = System.nanoTime();
        for (int asked = 0; !ends && asked < sent.length; asked++) {
            ByteBuffer question = ByteBuffer.allocate(QUESTION_BYTES).putLong(0, asked);
            sent[asked] = System.nanoTime();
            count = asked + 1;
            try {
                channel.send(question, target);
            } catch (IOException e) {
                // Nobody has the address now: a lost question like others.
            }
            next += INTERVAL_NANOS;
            long pause = next - System.nanoTime();
            if (pause > 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(pause);
            } else {
                next = System.nanoTime();
            }
        }
    }

    private void hear() {
        ByteBuffer buffer = ByteBuffer.allocate(QUESTION_BYTES + 1);
        while (true) {
            try {
                buffer.clear();
                var _ = channel.receive(buffer);
                long number = buffer.getLong(0);
                if (buffer.position() == QUESTION_BYTES + 1 && number >= 0 && number < count) {
                    by[(int) number] = buffer.get(QUESTION_BYTES);
                    answered[(int) number] = System.nanoTime();
                }
            } catch (java.nio.channels.ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // An ICMP error of a question before.
            }
        }
    }

    private interface Opening {
        DatagramChannel open() throws IOException;
    }

    private static DatagramChannel in(LabHost host, Opening opening) {
        Supplier<DatagramChannel> open =
                () -> {
                    try {
                        return opening.open();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        return host.network().call(open);
    }
}
