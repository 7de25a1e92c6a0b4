package io.holdfast.linux.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.base.Invariant;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import io.holdfast.linux.nativecall.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * A {@link BlockFile} on open(2), pread(2) and pwrite(2), with O_DIRECT where the filesystem has
 * it.
 *
 * <p>O_DIRECT wants offset, length and memory address aligned. Some filesystems refuse what is not,
 * others quietly fall back to the page cache, so alignment is checked here and a violation is a bug
 * of the caller. Where O_DIRECT is refused (old tmpfs, some overlays) the page cache is used: data
 * then survives the death of the process, and {@link #sync} is needed to survive that of the
 * machine, which is what a disk with a volatile cache gives too.
 */
public final class DirectFile implements BlockFile {
    /** How to open. */
    public enum Option {
        /** Make the file when it is not there. */
        CREATE,
        /** Fail when the file is there; together with {@link #CREATE}. */
        NEW,
        /** O_DSYNC: each write is on stable storage when it returns. */
        SYNC_EACH_WRITE,
        READ_ONLY,
        /** Use the page cache from the start. */
        BUFFERED
    }

    /** Wherever the kernel does not tell (before Linux 6.1), pages are safe on all devices. */
    private static final int SAFE_ALIGNMENT_BYTES = 4096;

    // The value differs between architectures, unlike those of FileDescriptor.
    private static final int O_DIRECT =
            System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;
    private static final int O_DSYNC = 0x1000;

    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int LOCK_EXCLUSIVE_NON_BLOCKING = 2 | 4;
    private static final int FALLOC_KEEP_SIZE = 1;
    private static final int POSIX_FADV_DONTNEED = 4;
    private static final int FALLOC_ZERO_RANGE = 0x10;
    private static final int FALLOC_PUNCH_HOLE = 2;

    // struct statx of linux/stat.h, as far as it is used.
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_DIOALIGN = 0x2000;
    private static final int RWF_NOWAIT = 8;

    /** One struct iovec a thread: base and length. */
    private static final ThreadLocal<MemorySegment> IOVEC =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(16, 8));

    private static final long STATX_BYTES = 256;
    private static final long STATX_MASK_AT = 0;
    private static final long STATX_DIO_MEMORY_ALIGN_AT = 152;
    private static final long STATX_DIO_OFFSET_ALIGN_AT = 156;

    private static final MethodHandle PREAD =
            LibC.function("pread64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE =
            LibC.function("pwrite64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PREADV2 =
            LibC.function(
                    "preadv64v2", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FDATASYNC = LibC.function("fdatasync", JAVA_INT, JAVA_INT);
    private static final MethodHandle FALLOCATE =
            LibC.function("fallocate64", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FTRUNCATE =
            LibC.function("ftruncate64", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle POSIX_FADVISE =
            LibC.function("posix_fadvise", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle LSEEK =
            LibC.function("lseek64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FLOCK = LibC.function("flock", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle STATX =
            LibC.function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

    private final FileDescriptor descriptor;
    private final int alignmentBytes;

    private DirectFile(FileDescriptor descriptor, int alignmentBytes) {
        this.descriptor = descriptor;
        this.alignmentBytes = alignmentBytes;
    }

    /**
     * Opens a file or block device.
     *
     * @throws SystemCallException when the kernel refuses, with a remedy
     */
    public static DirectFile open(Path path, Option... options) {
        Set<Option> wanted = Set.of(options);
        int flags =
                (wanted.contains(Option.READ_ONLY)
                                ? FileDescriptor.O_RDONLY
                                : FileDescriptor.O_RDWR)
                        | (wanted.contains(Option.CREATE) ? FileDescriptor.O_CREAT : 0)
                        | (wanted.contains(Option.NEW) ? FileDescriptor.O_EXCL : 0)
                        | (wanted.contains(Option.SYNC_EACH_WRITE) ? O_DSYNC : 0);
        if (!wanted.contains(Option.BUFFERED)) {
            try {
                return direct(openWith(path, flags | O_DIRECT));
            } catch (SystemCallException e) {
                if (!e.errno().equals(Errno.EINVAL)) {
                    throw e;
                }
            }
        }
        return new DirectFile(openWith(path, flags & ~FileDescriptor.O_EXCL), 1);
    }

    private static FileDescriptor openWith(Path path, int flags) {
        return FileDescriptor.open(
                path.toString(),
                flags,
                0600,
                "check that the path is right and that this process may open it");
    }

    private static DirectFile direct(FileDescriptor descriptor) {
        try {
            return new DirectFile(descriptor, directAlignment(descriptor));
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    private static int directAlignment(FileDescriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(STATX_BYTES, 8);
            int result =
                    (int)
                            STATX.invokeExact(
                                    CallState.ofThread().segment(),
                                    descriptor.number(),
                                    arena.allocateFrom(""),
                                    AT_EMPTY_PATH,
                                    STATX_DIOALIGN,
                                    status);
            if (result != 0 || (status.get(JAVA_INT, STATX_MASK_AT) & STATX_DIOALIGN) == 0) {
                return SAFE_ALIGNMENT_BYTES;
            }
            int memory = status.get(JAVA_INT, STATX_DIO_MEMORY_ALIGN_AT);
            int offset = status.get(JAVA_INT, STATX_DIO_OFFSET_ALIGN_AT);
            return memory == 0 ? SAFE_ALIGNMENT_BYTES : Math.max(512, Math.max(memory, offset));
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /**
     * Locks the file against other openers that lock it, until it is closed or the process dies.
     *
     * @return whether the lock was free
     */
    public boolean tryLock() {
        try {
            return (int)
                            FLOCK.invokeExact(
                                    CallState.ofThread().segment(),
                                    descriptor.number(),
                                    LOCK_EXCLUSIVE_NON_BLOCKING)
                    == 0;
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public String name() {
        return descriptor.name();
    }

    // lseek answers for block devices too, whose stat size is 0.
    @Override
    public long sizeBytes() {
        CallState state = CallState.ofThread();
        long size;
        try {
            size = (long) LSEEK.invokeExact(state.segment(), descriptor.number(), 0L, SEEK_END);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (size < 0) {
            throw state.errno()
                    .failure(
                            "cannot learn the size",
                            name(),
                            "use a regular file or a block device");
        }
        return size;
    }

    @Override
    public int alignmentBytes() {
        return alignmentBytes;
    }

    /** Whether {@code buffer}'s memory, position and limit suit {@link #alignmentBytes}. */
    public static boolean isAligned(ByteBuffer buffer, int alignmentBytes) {
        long address = MemorySegment.ofBuffer(buffer).address();
        return ((address | buffer.remaining()) & (alignmentBytes - 1)) == 0;
    }

    @Override
    public int read(long offsetBytes, ByteBuffer into) {
        long address = checkedAddress(offsetBytes, into);
        int length = into.remaining();
        try {
            return readFully(offsetBytes, address, length);
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    @Override
    public int write(long offsetBytes, ByteBuffer from) {
        long address = checkedAddress(offsetBytes, from);
        int length = from.remaining();
        try {
            return writeFully(offsetBytes, address, length);
        } finally {
            Reference.reachabilityFence(from);
        }
    }

    /**
     * Reads only if all of it is in the page cache, so that the caller never waits for a disk.
     *
     * @return whether the buffer was filled; if not, its content is not known
     */
    public boolean readCached(long offsetBytes, ByteBuffer into) {
        long address = checkedAddress(offsetBytes, into);
        int length = into.remaining();
        MemorySegment iovec = IOVEC.get();
        iovec.set(JAVA_LONG, 0, address);
        iovec.set(JAVA_LONG, 8, length);
        try {
            long count =
                    (long)
                            PREADV2.invokeExact(
                                    CallState.ofThread().segment(),
                                    descriptor.number(),
                                    iovec,
                                    1,
                                    offsetBytes,
                                    RWF_NOWAIT);
            return count == length;
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    private int readFully(long offsetBytes, long address, int length) {
        CallState state = CallState.ofThread();
        int number = descriptor.number();
        int done = 0;
        while (done < length) {
            long count;
            try {
                count =
                        (long)
                                PREAD.invokeExact(
                                        state.segment(),
                                        number,
                                        address + done,
                                        (long) (length - done),
                                        offsetBytes + done);
            } catch (Throwable e) {
                throw LibC.unexpected(e);
            }
            if (count == 0) {
                return PAST_END;
            }
            if (count > 0) {
                done += (int) count;
            } else if (state.number() != Errno.EINTR.number()) {
                return state.number();
            }
        }
        return DONE;
    }

    private int writeFully(long offsetBytes, long address, int length) {
        CallState state = CallState.ofThread();
        int number = descriptor.number();
        int done = 0;
        while (done < length) {
            long count;
            try {
                count =
                        (long)
                                PWRITE.invokeExact(
                                        state.segment(),
                                        number,
                                        address + done,
                                        (long) (length - done),
                                        offsetBytes + done);
            } catch (Throwable e) {
                throw LibC.unexpected(e);
            }
            if (count == 0) {
                return Errno.EIO.number();
            }
            if (count > 0) {
                done += (int) count;
            } else if (state.number() != Errno.EINTR.number()) {
                return state.number();
            }
        }
        return DONE;
    }

    @Override
    public int sync() {
        CallState state = CallState.ofThread();
        try {
            return (int) FDATASYNC.invokeExact(state.segment(), descriptor.number()) == 0
                    ? DONE
                    : state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public int punchHole(long offsetBytes, long lengthBytes) {
        return fallocate(FALLOC_PUNCH_HOLE | FALLOC_KEEP_SIZE, offsetBytes, lengthBytes);
    }

    /** Makes zeros of the range and keeps its space; an errno, or {@link #DONE}. */
    public int zeroRange(long offsetBytes, long lengthBytes) {
        return fallocate(FALLOC_ZERO_RANGE | FALLOC_KEEP_SIZE, offsetBytes, lengthBytes);
    }

    @Override
    public int allocate(long offsetBytes, long lengthBytes) {
        return fallocate(0, offsetBytes, lengthBytes);
    }

    /** Lets clean pages of the range out of the page cache, as a hint to the kernel. */
    public void dropCached(long offsetBytes, long lengthBytes) {
        try {
            int _ =
                    (int)
                            POSIX_FADVISE.invokeExact(
                                    CallState.ofThread().segment(),
                                    descriptor.number(),
                                    offsetBytes,
                                    lengthBytes,
                                    POSIX_FADV_DONTNEED);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /** Where the next mapped bytes start, at or behind the offset; -1 when there are none. */
    public long nextData(long offsetBytes) {
        return seek(offsetBytes, SEEK_DATA);
    }

    /** Where the next hole starts, at or behind the offset; the end of the file is one. */
    public long nextHole(long offsetBytes) {
        return seek(offsetBytes, SEEK_HOLE);
    }

    private long seek(long offsetBytes, int whence) {
        CallState state = CallState.ofThread();
        try {
            return (long)
                    LSEEK.invokeExact(state.segment(), descriptor.number(), offsetBytes, whence);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private int fallocate(int mode, long offsetBytes, long lengthBytes) {
        CallState state = CallState.ofThread();
        try {
            return (int)
                                    FALLOCATE.invokeExact(
                                            state.segment(),
                                            descriptor.number(),
                                            mode,
                                            offsetBytes,
                                            lengthBytes)
                            == 0
                    ? DONE
                    : state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /** Makes a regular file this long; what is added reads as zeros and takes no space. */
    public int resize(long sizeBytes) {
        CallState state = CallState.ofThread();
        try {
            return (int) FTRUNCATE.invokeExact(state.segment(), descriptor.number(), sizeBytes) == 0
                    ? DONE
                    : state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private long checkedAddress(long offsetBytes, ByteBuffer buffer) {
        Invariant.check(buffer.isDirect(), "%s: the buffer is not direct", name());
        long address = MemorySegment.ofBuffer(buffer).address();
        if (((offsetBytes | address | buffer.remaining()) & (alignmentBytes - 1)) != 0) {
            throw misaligned(offsetBytes, address, buffer.remaining());
        }
        return address;
    }

    private RuntimeException misaligned(long offsetBytes, long address, int length) {
        Invariant.check(
                false,
                "%s: offset %d, length %d or address %x is no multiple of %d",
                name(),
                offsetBytes,
                length,
                address,
                alignmentBytes);
        throw new AssertionError();
    }
}
