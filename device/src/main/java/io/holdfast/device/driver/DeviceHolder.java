package io.holdfast.device.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.fuse.FuseConnection;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.SystemCallException;
import io.holdfast.linux.process.AnonymousPipe;
import io.holdfast.linux.process.ChildProcess;
import io.holdfast.linux.process.PidDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A shell that does nothing but hold the connection of one device, so that the kernel keeps its
 * requests while the daemon is away. It weighs less than 2 MB, runs no code of ours that could fail
 * or need an upgrade, and takes part in nothing: the next daemon takes the open file from it with
 * pidfd_getfd(2).
 *
 * <p>It also is who opens the mounted file. A thread of the daemon that did so, and waited for its
 * own daemon's answer, could not even be killed.
 *
 * <pre>
 * 0, 4  both ends of a pipe that nobody writes to: waiting for a line from it never ends
 * 3     the connection (/dev/fuse)
 * 5     the mounted file, opened by the shell
 * </pre>
 */
final class DeviceHolder {
    private static final String SHELL = "/bin/sh";

    /** Its name among the arguments, by which the next daemon knows it. */
    private static final String MARK = "holdfast-device";

    private static final String SCRIPT =
            "[ -s \"$1\" ] && exec 5<>\"$1\" || exit 1; while read -r line; do :; done";

    private static final int EBADF = 9;
    private static final int CONNECTION = 3;
    private static final int FILE = 5;
    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration LONGEST_OPENING = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 1;

    private final long processId;

    private DeviceHolder(long processId) {
        this.processId = processId;
    }

    /** Starts one for a mount that is being served; it opens the file by itself. */
    static DeviceHolder start(FuseConnection connection, Path file) {
        try (AnonymousPipe silence = AnonymousPipe.create();
                FileDescriptor nowhere =
                        FileDescriptor.open(
                                "/dev/null", FileDescriptor.O_RDWR, 0, "mount a devtmpfs")) {
            return new DeviceHolder(
                    ChildProcess.start(
                            List.of(SHELL, "-c", SCRIPT, MARK, file.toString()),
                            List.of(
                                    silence.readEnd(),
                                    nowhere,
                                    nowhere,
                                    connection.descriptor(),
                                    silence.writeEnd())));
        }
    }

    /** Those that hold the devices of this file; more than one only after a mishap. */
    static List<DeviceHolder> of(Path file) {
        List<DeviceHolder> holders = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[1-9]*")) {
            for (Path process : processes) {
                if (isHolder(process, file)) {
                    String number = String.valueOf(process.getFileName());
                    holders.add(new DeviceHolder(Long.parseLong(number)));
                }
            }
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the processes cannot be listed",
                            PROCESSES.toString(),
                            String.valueOf(e.getMessage()),
                            "mount /proc"),
                    e);
        }
        return holders;
    }

    private static boolean isHolder(Path process, Path file) {
        try {
            String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            String[] arguments = line.split("\0", -1);
            return arguments.length > 4
                    && arguments[3].equals(MARK)
                    && arguments[4].equals(file.toString());
        } catch (IOException e) {
            return false;
        }
    }

    long processId() {
        return processId;
    }

    /** The connection it holds, as a descriptor of ours; empty when it has ended. */
    Optional<FuseConnection> connection() {
        return share(CONNECTION).map(FuseConnection::of);
    }

    /**
     * The mounted file, once the shell has it open. The server must be answering by now.
     *
     * @throws ProblemException when the shell could not open it
     */
    FileDescriptor awaitFile(Path file) throws InterruptedException {
        Path opened = PROCESSES.resolve(processId + "/fd/" + FILE);
        long deadline = System.nanoTime() + LONGEST_OPENING.toNanos();
        while (System.nanoTime() - deadline < 0) {
            // A program that is just starting has other files open under that number for a moment
            // (the loader its libraries), so what was shared is looked at, too.
            if (leadsTo(opened, file)) {
                Optional<FileDescriptor> shared = share(FILE);
                if (shared.isPresent()) {
                    if (leadsTo(Path.of("/proc/self/fd/" + shared.get().number()), file)) {
                        return shared.get();
                    }
                    shared.get().close();
                }
            }
            if (hasEnded()) {
                break;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new ProblemException(
                new Problem(
                        "the mounted file of a device cannot be opened",
                        file.toString(),
                        hasEnded()
                                ? "the shell that was to open it has ended"
                                : "the shell that was to open it did not within "
                                        + LONGEST_OPENING.toSeconds()
                                        + " s",
                        "look for errors of the volume in storaged's log, then attach it again"));
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException e) {
            return false;
        }
    }

    boolean hasEnded() {
        try (PidDescriptor process = PidDescriptor.open(processId).orElse(null)) {
            return process == null || process.awaitEnd(Duration.ZERO);
        }
    }

    /** Ends it; when this returns true its files are closed. */
    boolean end(Duration longest) {
        try (PidDescriptor process = PidDescriptor.open(processId).orElse(null)) {
            if (process == null) {
                return true;
            }
            boolean ended = !process.kill() || process.awaitEnd(longest);
            ChildProcess.forget(processId);
            return ended;
        }
    }

    private Optional<FileDescriptor> share(int number) {
        try (PidDescriptor process = PidDescriptor.open(processId).orElse(null)) {
            return process == null ? Optional.empty() : Optional.of(process.share(number));
        } catch (SystemCallException e) {
            if (e.errno().number() == EBADF) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
