package io.holdfast.iscsi.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class OutboxTest {
    /** Takes so many bytes and no more, like a socket whose peer is slow. */
    private static final class Narrow implements GatheringByteChannel {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int room = Integer.MAX_VALUE;

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            long count = 0;
            for (int i = offset; i < offset + length; i++) {
                count += write(sources[i]);
            }
            return count;
        }

        @Override
        public long write(ByteBuffer[] sources) {
            return write(sources, 0, sources.length);
        }

        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(source.remaining(), room);
            for (int i = 0; i < count; i++) {
                taken.write(source.get());
            }
            room -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private final Narrow channel = new Narrow();
    private final List<String> events = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Outbox outbox = new Outbox(lock, channel, () -> events.add("want writable"));

    private void add(String name, int bytes) {
        Outbox.Pdu pdu = outbox.take();
        Bhs.begin(pdu.header, Opcode.NOP_IN, 0, bytes);
        outbox.add(pdu, ByteBuffer.allocate(bytes), () -> events.add(name));
    }

    @Test
    void pdusLeaveInOrderAndTellWhenTheyHaveLeft() throws Exception {
        add("first", 8);
        add("second", 4);
        outbox.flush();
        assertThat(events).containsExactly("first", "second");
        assertThat(channel.taken.size()).isEqualTo(48 + 8 + 48 + 4);
    }

    @Test
    void aFullSocketIsGoneOnWithWhenItDrains() throws Exception {
        channel.room = 50;
        add("first", 8);
        outbox.flush();
        assertThat(events).containsExactly("want writable");
        channel.room = 1000;
        outbox.flush();
        assertThat(events).as("only the event loop goes on").containsExactly("want writable");
        outbox.writable();
        assertThat(events).containsExactly("want writable", "first");
    }

    @Test
    void aClosedOutboxLetsGoOfWhatWaitsAndOfWhatComesLate() {
        add("waiting", 8);
        outbox.close();
        add("late", 8);
        assertThat(events).containsExactly("waiting", "late");
        assertThat(channel.taken.size()).isZero();
    }
}
