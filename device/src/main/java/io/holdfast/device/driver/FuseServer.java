package io.holdfast.device.driver;

import io.holdfast.device.codec.FallocateMode;
import io.holdfast.device.codec.FuseInit;
import io.holdfast.device.codec.FuseReplyCodec;
import io.holdfast.device.codec.FuseRequest;
import io.holdfast.device.codec.FuseRequestCodec;
import io.holdfast.linux.fuse.FuseConnection;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.process.IoFlusher;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.DiscardingVolume;
import io.holdfast.replication.volume.IoStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the kernel's requests for one mounted file out of one volume.
 *
 * <p>A few threads read requests and hand them to the volume; whichever thread completes one writes
 * the answer. A request allocates nothing.
 *
 * <pre>
 * state     requests for data                     next
 * waiting   wait (no volume yet)                  serve: serving
 * serving   go to the volume                      leave: left
 * left      wait, also those the volume refuses   (the process ends; its successor asks for them again)
 * </pre>
 *
 * A volume that suspends I/O keeps its requests; the kernel waits with it. One that is not Primary
 * any more fails them with EIO.
 */
final class FuseServer {
    private static final Logger LOG = LoggerFactory.getLogger(FuseServer.class);

    /** Enough for a queue depth of 32, and for the flushes that come besides. */
    static final int IN_FLIGHT = 32;

    private static final int SLOTS = IN_FLIGHT + 8;
    private static final int READERS = 2;

    private static final int EOPNOTSUPP = Errno.EOPNOTSUPP.number();
    private static final int EPROTO = 71;
    private static final int ECONNABORTED = 103;

    private final String name;
    private final FuseConnection connection;
    private final SlotPool slots;
    private final List<Thread> readers = new ArrayList<>();

    /** Requests that came while there was no volume; guarded by itself. */
    private final List<RequestSlot> waiting = new ArrayList<>();

    private volatile @Nullable BlockVolume volume;
    private volatile boolean left;
    private volatile boolean ending;

    /**
     * Makes the server; it reads nothing yet.
     *
     * @param name for threads and messages
     */
    FuseServer(String name, FuseConnection connection) {
        this.name = name;
        this.connection = connection;
        this.slots = new SlotPool(this, SLOTS);
    }

    void start() {
        for (int i = 0; i < READERS; i++) {
            readers.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("device-" + name + "-" + i)
                            .start(this::readRequests));
        }
    }

    /**
     * Asks for the requests again that a process before this one read and did not answer.
     *
     * @return whether this kernel can (Linux 6.9)
     */
    boolean resendUnanswered() {
        RequestSlot slot;
        try {
            slot = slots.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            int length = FuseReplyCodec.resend(slot.head, 0);
            return connection.write(slot.address, length) == 0;
        } finally {
            slots.giveBack(slot);
        }
    }

    /** Has another process hold the connection, and open the mounted file. */
    DeviceHolder hold(Path mounted) {
        return DeviceHolder.start(connection, mounted);
    }

    /** Serves this volume from now on, beginning with what waits. */
    void serve(BlockVolume newVolume) {
        List<RequestSlot> ready;
        synchronized (waiting) {
            volume = newVolume;
            ready = List.copyOf(waiting);
            waiting.clear();
        }
        ready.forEach(slot -> submit(slot, newVolume));
    }

    /** From now on nothing is failed: what cannot be done any more is left to the next process. */
    void leave() {
        synchronized (waiting) {
            left = true;
            volume = null;
        }
    }

    /** The mount is about to be taken away. */
    void expectEnd() {
        ending = true;
    }

    /** Whether a volume is being served. */
    boolean isServing() {
        return volume != null;
    }

    int requestsInFlight() {
        // Each reader waits with a slot in its hands.
        return Math.max(0, slots.inUse() - READERS);
    }

    /** Waits for the readers, which end when the mount is gone; then gives the memory back. */
    boolean awaitEnd(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Thread reader : readers) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            reader.join(Math.max(1, left));
            if (reader.isAlive()) {
                return false;
            }
        }
        connection.close();
        slots.close();
        return true;
    }

    // --- requests -------------------------------------------------------------------------------

    // A bug must end neither thread nor request unseen: the request fails, the next one is read.
    @SuppressWarnings("CatchingUnchecked")
    private void readRequests() {
        IoFlusher.mark();
        try {
            while (true) {
                RequestSlot slot = slots.take();
                long count =
                        connection.read(
                                slot.address + RequestSlot.MESSAGE_AT,
                                RequestSlot.MESSAGE_CAPACITY);
                if (count < 0) {
                    slots.giveBack(slot);
                    if (isOver((int) -count)) {
                        return;
                    }
                    continue;
                }
                try {
                    handle(slot, (int) count);
                } catch (RuntimeException | Error e) {
                    LOG.error("device of {}: a request failed: {}", name, slot.request, e);
                    answer(slot, Errno.EIO.number());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver(int errno) {
        if (errno == Errno.ENODEV.number() || ending) {
            return true;
        }
        // ENOENT: its caller gave up between our being woken and our reading.
        if (errno == Errno.EINTR.number()
                || errno == Errno.EAGAIN.number()
                || errno == Errno.ENOENT.number()) {
            return false;
        }
        if (errno == ECONNABORTED) {
            LOG.error("device of {}: somebody aborted its mount; all I/O on it fails", name);
        } else {
            LOG.error("device of {}: no more requests can be read: {}", name, new Errno(errno));
        }
        return true;
    }

    private void handle(RequestSlot slot, int length) {
        FuseRequest request = slot.request;
        switch (FuseRequestCodec.decode(slot.head, RequestSlot.MESSAGE_AT, length, request)) {
            case OK -> carryOut(slot, request);
            case IMPOSSIBLE -> answer(slot, Errno.EINVAL.number());
            case MALFORMED -> {
                LOG.error(
                        "device of {}: the kernel sent {} bytes that are no request: {}",
                        name,
                        length,
                        request);
                answer(slot, EPROTO);
            }
        }
    }

    private void carryOut(RequestSlot slot, FuseRequest request) {
        switch (request.operation()) {
            case READ, WRITE, FSYNC, FALLOCATE, GETATTR, STATFS -> submitOrWait(slot);
            case RELEASE, DESTROY -> answer(slot, 0);
            case OPEN -> reply(slot, FuseReplyCodec.opened(slot.head, 0, request.unique()));
            case INIT -> agree(slot, request);
            // Reference counts of an inode that never goes away; requests that always end soon, or
            // must not end before the volume goes on.
            case FORGET, BATCH_FORGET, INTERRUPT -> slots.giveBack(slot);
            case SETATTR -> answer(slot, Errno.EPERM.number());
            // FLUSH: a kernel before 5.18 then sends no other (see FuseReplyCodec.opened).
            case FLUSH, OTHER -> answer(slot, Errno.ENOSYS.number());
        }
    }

    private void agree(RequestSlot slot, FuseRequest request) {
        if (request.major() != FuseInit.MAJOR || request.minor() < FuseInit.OLDEST_MINOR) {
            LOG.error(
                    "device of {}: the kernel speaks FUSE {}.{}, at least {}.{} is needed (Linux"
                            + " 4.20)",
                    name,
                    request.major(),
                    request.minor(),
                    FuseInit.MAJOR,
                    FuseInit.OLDEST_MINOR);
            answer(slot, EPROTO);
            return;
        }
        reply(
                slot,
                FuseReplyCodec.init(
                        slot.head,
                        0,
                        request.unique(),
                        Math.min(FuseInit.MINOR, request.minor()),
                        FuseInit.agreed(request.capabilities()),
                        RequestSlot.MAX_DATA_BYTES,
                        IN_FLIGHT));
    }

    private void submitOrWait(RequestSlot slot) {
        BlockVolume present = volume;
        if (present == null) {
            synchronized (waiting) {
                present = volume;
                if (present == null) {
                    waiting.add(slot);
                    return;
                }
            }
        }
        submit(slot, present);
    }

    private void submit(RequestSlot slot, BlockVolume volume) {
        FuseRequest request = slot.request;
        switch (request.operation()) {
            case READ -> read(slot, request, volume);
            case WRITE ->
                    volume.write(
                            request.offsetBytes(),
                            slot.data((int) request.lengthBytes()),
                            false,
                            slot);
            case FSYNC -> volume.flush(slot);
            case FALLOCATE -> giveSpaceBack(slot, request, volume);
            case GETATTR ->
                    reply(
                            slot,
                            FuseReplyCodec.attributes(
                                    slot.head, 0, request.unique(), volume.sizeBytes()));
            case STATFS ->
                    reply(
                            slot,
                            FuseReplyCodec.fileSystem(
                                    slot.head, 0, request.unique(), volume.sizeBytes()));
            default -> answer(slot, Errno.ENOSYS.number());
        }
    }

    private void read(RequestSlot slot, FuseRequest request, BlockVolume volume) {
        if (request.lengthBytes() > RequestSlot.MAX_DATA_BYTES) {
            answer(slot, Errno.EINVAL.number());
            return;
        }
        // A file ends where it ends: less is read there, nothing behind it.
        long rest = Math.max(0, volume.sizeBytes() - request.offsetBytes());
        int length = (int) Math.min(rest, request.lengthBytes());
        if (length == 0) {
            slot.data(0);
            slot.done(IoStatus.OK);
        } else {
            volume.read(request.offsetBytes(), slot.data(length), slot);
        }
    }

    private void giveSpaceBack(RequestSlot slot, FuseRequest request, BlockVolume volume) {
        if (volume instanceof DiscardingVolume discarding
                && (request.mode() == FallocateMode.DISCARD
                        || request.mode() == FallocateMode.WRITE_ZEROES)) {
            boolean keepSpace = request.mode() == FallocateMode.WRITE_ZEROES;
            discarding.zero(request.offsetBytes(), request.lengthBytes(), keepSpace, slot);
        } else {
            // The kernel then writes zeros itself, or tells fstrim that it cannot be.
            answer(slot, EOPNOTSUPP);
        }
    }

    // --- answers --------------------------------------------------------------------------------

    void completed(RequestSlot slot, IoStatus status) {
        if (status == IoStatus.OK) {
            succeed(slot);
        } else if (status == IoStatus.NOT_PRIMARY && left) {
            synchronized (waiting) {
                waiting.add(slot);
            }
        } else {
            answer(slot, errno(status));
        }
    }

    private void succeed(RequestSlot slot) {
        FuseRequest request = slot.request;
        switch (request.operation()) {
            case READ -> {
                // The volume may have moved the position; the limit is as it was set.
                int length = slot.data.limit();
                int at = RequestSlot.PAGE_BYTES - FuseReplyCodec.HEADER_BYTES;
                int total = FuseReplyCodec.data(slot.head, at, request.unique(), length);
                send(slot, at, total);
            }
            case WRITE ->
                    reply(
                            slot,
                            FuseReplyCodec.written(
                                    slot.head, 0, request.unique(), (int) request.lengthBytes()));
            default -> answer(slot, 0);
        }
    }

    private static int errno(IoStatus status) {
        return switch (status) {
            case OK -> 0;
            case NOT_PRIMARY, MEDIUM_ERROR -> Errno.EIO.number();
            case OUT_OF_RANGE -> Errno.EINVAL.number();
            case NO_SPACE -> Errno.ENOSPC.number();
        };
    }

    private void answer(RequestSlot slot, int errno) {
        reply(slot, FuseReplyCodec.empty(slot.head, 0, slot.request.unique(), errno));
    }

    private void reply(RequestSlot slot, int length) {
        send(slot, 0, length);
    }

    private void send(RequestSlot slot, int at, int length) {
        int errno = connection.write(slot.address + at, length);
        // ENOENT: whoever asked was killed; ENODEV: the mount is gone.
        if (errno != 0 && errno != Errno.ENOENT.number() && errno != Errno.ENODEV.number()) {
            LOG.error(
                    "device of {}: the kernel refuses an answer: {}; request {}",
                    name,
                    new Errno(errno),
                    slot.request);
        }
        slots.giveBack(slot);
    }
}
