package io.holdfast.replication.driver;

import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.replication.core.BlockRequest;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request of the engine with the memory for its data, and whom to tell when it is a user's. */
final class IoBlock extends BlockRequest {
    static final byte[] NO_DIGESTS = {};
    private static final ByteBuffer NO_DATA = ByteBuffer.allocateDirect(0);

    /**
     * Page-aligned and direct. Several threads read it at once (disk, connections to peers), so
     * each takes its own {@link #view} and leaves position and limit as they are.
     */
    final ByteBuffer data;

    /** Of each block that was read, when the request wants them; else empty. */
    byte[] digests = NO_DIGESTS;

    /** The peer's, with which this node's are compared; empty when there are none. */
    byte[] expectedDigests = NO_DIGESTS;

    /** Which blocks were found to differ from the expected ones, bit by bit. */
    long differing;

    /** A user's buffer that is not aligned: read into {@link #data} first, then copied. */
    private final @Nullable ByteBuffer unaligned;

    /** Null for what is not a user's. */
    private final @Nullable IoCompletion completion;

    /** The pool's memory, or none for a flush. */
    IoBlock(ByteBuffer data) {
        this(data, null, null);
    }

    private IoBlock(
            ByteBuffer data, @Nullable ByteBuffer unaligned, @Nullable IoCompletion completion) {
        this.data = data;
        this.unaligned = unaligned;
        this.completion = completion;
    }

    /** The engine's own flush. */
    static IoBlock ownFlush() {
        return new IoBlock(NO_DATA);
    }

    static IoBlock userFlush(IoCompletion completion) {
        IoBlock block = new IoBlock(NO_DATA, null, completion);
        block.prepare(Kind.FLUSH, 0, 0, false);
        return block;
    }

    /** A user's request on the user's own memory, from the buffer's position to its limit. */
    static IoBlock inPlace(
            Kind kind, long offsetBytes, ByteBuffer buffer, boolean fua, IoCompletion completion) {
        ByteBuffer data = buffer.slice(buffer.position(), buffer.remaining());
        IoBlock block = new IoBlock(data, null, completion);
        block.prepare(kind, offsetBytes, data.capacity(), fua);
        return block;
    }

    /** A user's request on aligned memory of its own; data is copied from or to the user's. */
    static IoBlock copied(
            Kind kind, long offsetBytes, ByteBuffer buffer, boolean fua, IoCompletion completion) {
        int length = buffer.remaining();
        ByteBuffer data = AlignedBufferPool.allocate(length);
        if (kind == Kind.WRITE) {
            data.put(0, buffer, buffer.position(), length);
        }
        IoBlock block = new IoBlock(data, kind == Kind.READ ? buffer : null, completion);
        block.prepare(kind, offsetBytes, length, fua);
        return block;
    }

    /** The data of the request, from 0 to its length. */
    ByteBuffer view() {
        return data.duplicate().clear().limit(lengthBytes());
    }

    /** Works out digests of what was read, and compares them with those expected. */
    void digest() {
        digests = BlockDigests.of(view());
        differing =
                expectedDigests.length == 0 ? 0 : BlockDigests.differing(digests, expectedDigests);
    }

    /** Tells the user, if it is a user's; a read's data is in the user's buffer by then. */
    void tell(IoStatus status) {
        ByteBuffer user = unaligned;
        if (user != null && status == IoStatus.OK) {
            user.put(user.position(), data, 0, lengthBytes());
        }
        if (completion != null) {
            completion.done(status);
        }
    }

    boolean isUsers() {
        return completion != null;
    }
}
