package io.holdfast.linux.loop;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import io.holdfast.linux.nativecall.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A block device {@code /dev/loopN} that shows a file. It stays until it is detached, whatever
 * becomes of the process that attached it.
 */
public record LoopDevice(int number) {
    /** The major number of all loop devices. */
    public static final int MAJOR = 7;

    private static final String CONTROL = "/dev/loop-control";
    private static final Path SYSTEM = Path.of("/sys/block");

    private static final long LOOP_CLR_FD = 0x4C01;
    private static final long LOOP_SET_STATUS64 = 0x4C04;
    private static final long LOOP_GET_STATUS64 = 0x4C05;
    private static final long LOOP_SET_CAPACITY = 0x4C07;
    private static final long LOOP_CONFIGURE = 0x4C0A;
    private static final long LOOP_CTL_GET_FREE = 0x4C82;

    private static final int LO_FLAGS_AUTOCLEAR = 4;
    private static final int LO_FLAGS_DIRECT_IO = 16;

    // struct loop_config: fd, block_size, struct loop_info64, 8 reserved longs.
    private static final long CONFIG_BYTES = 304;
    private static final long CONFIG_BLOCK_SIZE_AT = 4;
    private static final long CONFIG_INFO_AT = 8;
    private static final long INFO_BYTES = 232;
    private static final long INFO_FLAGS_AT = 52;
    private static final long INFO_FILE_NAME_AT = 56;
    private static final int INFO_FILE_NAME_BYTES = 64;

    /** Others may take the same free device between our question and our claim. */
    private static final int ATTEMPTS = 64;

    private static final String REMEDY =
            "load the kernel's module (modprobe loop) and run as root; in a container, pass"
                    + " /dev/loop-control and the devices in";

    private static final MethodHandle IOCTL_NUMBER =
            LibC.variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle IOCTL_STRUCT =
            LibC.variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    /** What became of {@link #detach}. */
    public enum Detaching {
        DETACHED,
        /** Somebody has it open or mounted; it is as it was. */
        IN_USE,
        /** It showed no file. */
        NOT_ATTACHED
    }

    /**
     * Shows an open file as a new device, past the page cache (direct I/O).
     *
     * @param logicalBlockBytes the smallest unit of I/O
     * @param label what tools show as its file when they cannot see the path
     */
    public static LoopDevice attach(FileDescriptor file, int logicalBlockBytes, String label) {
        try (FileDescriptor control =
                FileDescriptor.open(CONTROL, FileDescriptor.O_RDWR, 0, REMEDY)) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                int free = ioctl(control, LOOP_CTL_GET_FREE, 0);
                if (free < 0) {
                    throw refused(new Errno(-free), CONTROL);
                }
                LoopDevice device = new LoopDevice(free);
                int errno = device.configure(file, logicalBlockBytes, label);
                if (errno == 0) {
                    return device;
                }
                if (errno != Errno.EBUSY.number()) {
                    throw refused(new Errno(errno), device.path());
                }
            }
        }
        throw refused(Errno.EBUSY, CONTROL);
    }

    private int configure(FileDescriptor file, int logicalBlockBytes, String label) {
        try (FileDescriptor device = open();
                Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(CONFIG_BYTES, 8);
            config.set(JAVA_INT, 0, file.number());
            config.set(JAVA_INT, CONFIG_BLOCK_SIZE_AT, logicalBlockBytes);
            config.set(JAVA_INT, CONFIG_INFO_AT + INFO_FLAGS_AT, LO_FLAGS_DIRECT_IO);
            byte[] name = label.getBytes(StandardCharsets.UTF_8);
            MemorySegment.copy(
                    name,
                    0,
                    config,
                    JAVA_BYTE,
                    CONFIG_INFO_AT + INFO_FILE_NAME_AT,
                    Math.min(name.length, INFO_FILE_NAME_BYTES - 1));
            return -Math.min(0, ioctl(device, LOOP_CONFIGURE, config));
        }
    }

    /** The devices that show this file, by the path it had in the attacher's mount namespace. */
    public static List<LoopDevice> showing(Path file) {
        List<LoopDevice> found = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(SYSTEM, "loop*")) {
            for (Path device : devices) {
                Optional<String> backing = backingFile(device);
                if (backing.isPresent() && backing.get().equals(file.toString())) {
                    String name = String.valueOf(device.getFileName());
                    found.add(new LoopDevice(Integer.parseInt(name.substring("loop".length()))));
                }
            }
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the loop devices cannot be listed",
                            SYSTEM.toString(),
                            String.valueOf(e.getMessage()),
                            "mount /sys"),
                    e);
        }
        return found;
    }

    /** The path of the file it shows; empty when it shows none. */
    public Optional<String> backingFile() {
        return backingFile(SYSTEM.resolve("loop" + number));
    }

    private static Optional<String> backingFile(Path device) {
        try {
            return Optional.of(Files.readString(device.resolve("loop/backing_file")).strip());
        } catch (IOException e) {
            // The directory is there only while a file is shown.
            return Optional.empty();
        }
    }

    /** {@code /dev/loopN}. */
    public String path() {
        return "/dev/loop" + number;
    }

    /** Major and minor number, as the kernel's tables write them. */
    public String majorMinor() {
        return MAJOR + ":" + number;
    }

    /**
     * Whether a filesystem, swap or device-mapper has claimed it for itself (O_EXCL), in whatever
     * mount namespace. Asking changes nothing and waits for nothing.
     */
    public boolean isClaimed() {
        try (FileDescriptor device =
                FileDescriptor.open(
                        path(), FileDescriptor.O_RDONLY | FileDescriptor.O_EXCL, 0, REMEDY)) {
            return device.number() < 0;
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.EBUSY)) {
                return true;
            }
            throw e;
        }
    }

    /**
     * Lets go of the file, if nobody has the device open: the kernel counts openers, so nobody can
     * slip in. What its page cache still holds is written first.
     */
    public Detaching detach() {
        // What follows waits for I/O under way when it has to be taken back: under a filesystem
        // whose volume is suspended that could be for good.
        if (isClaimed()) {
            return Detaching.IN_USE;
        }
        try (FileDescriptor device = open();
                Arena arena = Arena.ofConfined()) {
            int cleared = ioctl(device, LOOP_CLR_FD, 0);
            if (cleared < 0) {
                return notCleared(new Errno(-cleared));
            }
            MemorySegment info = arena.allocate(INFO_BYTES, 8);
            if (ioctl(device, LOOP_GET_STATUS64, info) < 0) {
                return Detaching.DETACHED;
            }
            // With other openers the kernel only notes to detach after the last of them. Take that
            // back: it is still wanted.
            int flags = info.get(JAVA_INT, INFO_FLAGS_AT);
            info.set(JAVA_INT, INFO_FLAGS_AT, flags & ~LO_FLAGS_AUTOCLEAR);
            int ignored = ioctl(device, LOOP_SET_STATUS64, info);
            return Detaching.IN_USE;
        }
    }

    /** As {@link #detach}, or else when the last user closes it. */
    public Detaching detachWhenUnused() {
        try (FileDescriptor device = open()) {
            int cleared = ioctl(device, LOOP_CLR_FD, 0);
            return cleared < 0 ? notCleared(new Errno(-cleared)) : Detaching.DETACHED;
        }
    }

    private Detaching notCleared(Errno errno) {
        if (errno.number() == ENXIO) {
            return Detaching.NOT_ATTACHED;
        }
        throw refused(errno, path());
    }

    private static final int ENXIO = 6;

    /** Has the device take on its file's new size. */
    public void sizeChanged() {
        try (FileDescriptor device = open()) {
            int result = ioctl(device, LOOP_SET_CAPACITY, 0);
            if (result < 0) {
                throw refused(new Errno(-result), path());
            }
        }
    }

    private FileDescriptor open() {
        return FileDescriptor.open(path(), FileDescriptor.O_RDWR, 0, REMEDY);
    }

    private static ProblemException refused(Errno errno, String object) {
        return errno.failure("the kernel refuses a loop device", object, REMEDY);
    }

    /** The result, or the negative errno. */
    private static int ioctl(FileDescriptor descriptor, long request, long argument) {
        CallState state = CallState.ofThread();
        try {
            int result =
                    (int)
                            IOCTL_NUMBER.invokeExact(
                                    state.segment(), descriptor.number(), request, argument);
            return result >= 0 ? result : -state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int ioctl(FileDescriptor descriptor, long request, MemorySegment argument) {
        CallState state = CallState.ofThread();
        try {
            int result =
                    (int)
                            IOCTL_STRUCT.invokeExact(
                                    state.segment(), descriptor.number(), request, argument);
            return result >= 0 ? result : -state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
