package io.holdfast.device.driver;

import io.holdfast.device.codec.FuseRequest;
import io.holdfast.device.codec.FuseRequestCodec;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory and state of one request, from being read until it is answered; used again and again.
 *
 * <pre>
 * 0          short answers
 * 4096 - 80  a WRITE's two headers, so that its data is page-aligned; other requests begin here too
 * 4096 - 16  the header of a READ's answer, so that it goes out with the data in one piece
 * 4096       data
 * </pre>
 */
final class RequestSlot implements IoCompletion {
    static final int PAGE_BYTES = 4096;

    /** The longest read or write. The kernel splits what is longer. */
    static final int MAX_DATA_BYTES = 1 << 20;

    static final long BYTES = PAGE_BYTES + MAX_DATA_BYTES;

    static final int MESSAGE_AT = PAGE_BYTES - FuseRequestCodec.WRITE_DATA_AT;
    static final long MESSAGE_CAPACITY = BYTES - MESSAGE_AT;

    final FuseRequest request = new FuseRequest();
    final ByteBuffer head;
    final ByteBuffer data;
    final long address;
    private final FuseServer server;

    RequestSlot(FuseServer server, MemorySegment memory) {
        this.server = server;
        this.address = memory.address();
        this.head = memory.asSlice(0, PAGE_BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
        this.data = memory.asSlice(PAGE_BYTES).asByteBuffer();
    }

    /** The data area, from 0 to this length. */
    ByteBuffer data(int lengthBytes) {
        return data.clear().limit(lengthBytes);
    }

    @Override
    public void done(IoStatus status) {
        server.completed(this, status);
    }
}
