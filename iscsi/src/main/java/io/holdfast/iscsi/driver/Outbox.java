package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.Crc32cDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * PDUs on their way out of one connection. Whoever finishes a command writes its answer straight to
 * the non-blocking socket, so no thread is woken for it; when somebody else is writing already,
 * that one takes it along in its next gathering write, and when the socket is full the event loop
 * goes on once it drains.
 *
 * <p>Everything but {@link #flush} is called with the connection's lock held, which keeps PDUs in
 * the order of their StatSN.
 */
final class Outbox {
    private static final int BATCH = 32;
    private static final int SLAB = 8;
    private static final int HEADER_BYTES = Bhs.BYTES + Bhs.DIGEST_BYTES;
    private static final int TRAILER_BYTES = 8;

    /** A peer that lets this many answers lie does not read any more. */
    private static final int MAX_QUEUED = 8192;

    private final ReentrantLock lock;
    private final GatheringByteChannel channel;
    private final Runnable wantWritable;
    private final ArrayDeque<Pdu> queue = new ArrayDeque<>();
    private final ArrayDeque<Pdu> batch = new ArrayDeque<>();
    private final ArrayDeque<Pdu> free = new ArrayDeque<>();
    private final ByteBuffer[] vector = new ByteBuffer[BATCH * 3];
    private final Crc32cDigest headerCrc = new Crc32cDigest();
    private boolean headerDigest;
    private boolean writing;
    private boolean blocked;
    private boolean closed;
    private boolean closeWhenEmpty;

    /** One outgoing PDU. */
    static final class Pdu {
        /** BHS, and room for its digest. */
        final ByteBuffer header;

        final ByteBuffer trailer;
        @Nullable ByteBuffer data;
        @Nullable Runnable sent;

        private Pdu(ByteBuffer header, ByteBuffer trailer) {
            this.header = header;
            this.trailer = trailer;
        }
    }

    Outbox(ReentrantLock lock, GatheringByteChannel channel, Runnable wantWritable) {
        this.lock = lock;
        this.channel = channel;
        this.wantWritable = wantWritable;
    }

    /** From the next PDU on. */
    void useHeaderDigest(boolean use) {
        headerDigest = use;
    }

    /** An empty PDU to fill in and {@link #add}. */
    Pdu take() {
        Pdu pdu = free.pollLast();
        if (pdu == null) {
            pdu = allocate();
        }
        pdu.header.clear();
        pdu.trailer.clear().limit(0);
        pdu.data = null;
        pdu.sent = null;
        return pdu;
    }

    private Pdu allocate() {
        int each = 64;
        ByteBuffer slab = ByteBuffer.allocateDirect(SLAB * each);
        for (int i = 1; i < SLAB; i++) {
            free.addLast(slice(slab, i * each));
        }
        return slice(slab, 0);
    }

    private static Pdu slice(ByteBuffer slab, int at) {
        return new Pdu(slab.slice(at, HEADER_BYTES), slab.slice(at + HEADER_BYTES, TRAILER_BYTES));
    }

    /** Queues a PDU whose header is complete; {@code sent} runs when its last byte has left. */
    void add(Pdu pdu, @Nullable ByteBuffer data, @Nullable Runnable sent) {
        pdu.header.position(0).limit(Bhs.BYTES);
        if (headerDigest) {
            headerCrc.reset();
            headerCrc.update(pdu.header);
            pdu.header.limit(HEADER_BYTES).putInt(Bhs.BYTES, headerCrc.wireValue());
        }
        pdu.data = data;
        pdu.sent = sent;
        if (closed) {
            // An answer that came after the end: its buffer goes back, nobody will write it.
            recycle(pdu);
        } else {
            queue.addLast(pdu);
        }
    }

    boolean overfull() {
        return queue.size() > MAX_QUEUED;
    }

    void closeWhenEmpty() {
        closeWhenEmpty = true;
    }

    /** The socket takes bytes again. */
    void writable() throws IOException {
        lock.lock();
        try {
            blocked = false;
        } finally {
            lock.unlock();
        }
        flush();
    }

    /**
     * Writes what there is, unless somebody does already.
     *
     * @throws IOException when the peer is gone; also at the end of a connection that was to be
     *     closed when everything had been sent
     */
    void flush() throws IOException {
        lock.lock();
        try {
            if (writing || blocked || closed) {
                return;
            }
            writing = true;
            try {
                while (fillBatch()) {
                    if (!writeBatch()) {
                        blocked = true;
                        wantWritable.run();
                        return;
                    }
                }
            } finally {
                writing = false;
                if (closed) {
                    releaseAll();
                }
            }
            if (closeWhenEmpty) {
                throw new IOException("everything was said");
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean fillBatch() {
        while (batch.size() < BATCH && !queue.isEmpty()) {
            batch.addLast(queue.removeFirst());
        }
        return !batch.isEmpty();
    }

    /** Gives up the lock for the system call. False when the socket is full. */
    private boolean writeBatch() throws IOException {
        int count = 0;
        for (Pdu pdu : batch) {
            vector[count++] = pdu.header;
            if (pdu.data != null) {
                vector[count++] = pdu.data;
                vector[count++] = pdu.trailer;
            }
        }
        lock.unlock();
        try {
            channel.write(vector, 0, count);
        } finally {
            lock.lock();
        }
        while (!batch.isEmpty() && finished(batch.getFirst())) {
            recycle(batch.removeFirst());
        }
        return batch.isEmpty();
    }

    private static boolean finished(Pdu pdu) {
        return !pdu.header.hasRemaining()
                && (pdu.data == null || (!pdu.data.hasRemaining() && !pdu.trailer.hasRemaining()));
    }

    private void recycle(Pdu pdu) {
        Runnable sent = pdu.sent;
        pdu.data = null;
        pdu.sent = null;
        free.addLast(pdu);
        if (sent != null) {
            sent.run();
        }
    }

    /** Drops everything; buffers that are being written are released by the writer. */
    void close() {
        closed = true;
        if (!writing) {
            releaseAll();
        }
    }

    private void releaseAll() {
        while (!batch.isEmpty()) {
            recycle(batch.removeFirst());
        }
        while (!queue.isEmpty()) {
            recycle(queue.removeFirst());
        }
    }
}
