package io.holdfast.device.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed under a mounted, busy filesystem, and another one goes on. */
@Timeout(120)
class KilledDaemonTest {
    private static final long DISK_BYTES = 256L << 20;

    @TempDir(cleanup = CleanupMode.NEVER)
    private Path root;

    private Path disk = Path.of("");
    private Path mountPoint = Path.of("");
    private @Nullable RunningDevice daemon;

    @BeforeEach
    void needTheKernel() throws IOException {
        KernelDevices.assumePresent();
        disk = root.resolve("disk");
        mountPoint = Files.createDirectory(root.resolve("data"));
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        if (daemon != null) {
            daemon.kill();
        }
        KernelDevices.clear(root);
    }

    @Test
    void aBusyFileSystemSeesAPauseAndNoError() throws Exception {
        daemon = RunningDevice.start(root, disk, "r0");
        String device = root.resolve("dev/drbd0").toString();
        Commands.run("mkfs.ext4", "-q", device);
        Commands.run("mount", device, mountPoint.toString());
        Writer writer = new Writer(mountPoint.resolve("busy"));
        writer.start();
        String kernelDevice = daemon.kernelDevice();
        for (int round = 0; round < 3; round++) {
            writer.awaitMore(20);
            daemon.kill();
            daemon = RunningDevice.start(root, disk, "r0");
            assertThat(daemon.first).isEqualTo("resumed " + kernelDevice);
            writer.awaitMore(20);
        }
        writer.stop();
        System.out.println(
                "longest stall with a Java machine started anew: "
                        + writer.longestMillis()
                        + " ms");
        assertThat(writer.failure()).isNull();
        assertThat(writer.badBlocks()).isZero();
        Commands.run("umount", mountPoint.toString());
        Commands.run("fsck.ext4", "-fn", device);
        assertThat(daemon.detach()).isEqualTo("detached");
        assertThat(daemon.awaitEnd()).isTrue();
        assertThat(KernelDevices.leftUnder(root)).isEmpty();
    }

    @Test
    void everythingThatFioWroteIsReadBack() throws Exception {
        assumeTrue(Commands.exist("fio"), "needs fio");
        daemon = RunningDevice.start(root, disk, "r0");
        String device = root.resolve("dev/drbd0").toString();
        Commands.run("mkfs.ext4", "-q", device);
        Commands.run("mount", device, mountPoint.toString());
        Process fio =
                new ProcessBuilder(
                                "fio",
                                "--name=v",
                                "--directory=" + mountPoint,
                                "--size=48m",
                                "--rw=randwrite",
                                "--bsrange=4k-64k",
                                "--ioengine=libaio",
                                "--direct=1",
                                "--iodepth=16",
                                "--verify=crc32c",
                                "--verify_state_save=0",
                                "--fsync=64",
                                "--time_based",
                                "--runtime=4",
                                "--do_verify=1")
                        .redirectErrorStream(true)
                        .redirectOutput(root.resolve("fio.out").toFile())
                        .start();
        for (int round = 0; round < 2; round++) {
            Thread.sleep(700);
            daemon.kill();
            daemon = RunningDevice.start(root, disk, "r0");
        }
        int code = fio.waitFor();
        assertThat(code).as(Files.readString(root.resolve("fio.out"))).isZero();
        Commands.run("umount", mountPoint.toString());
        assertThat(daemon.detach()).isEqualTo("detached");
    }

    @Test
    void whatADeadDaemonLeftUnmountedIsTakenOverAndDetached() throws Exception {
        daemon = RunningDevice.start(root, disk, "r0");
        daemon.kill();
        daemon = RunningDevice.start(root, disk, "r0");
        assertThat(daemon.first).startsWith("resumed");
        assertThat(daemon.detach()).isEqualTo("detached");
        assertThat(KernelDevices.leftUnder(root)).isEmpty();
    }

    @Test
    void whatIsLeftWithoutAHolderIsClearedAway() throws Exception {
        daemon = RunningDevice.start(root, disk, "r0");
        DeviceHolder holder = DeviceHolder.of(root.resolve("run/devices/r0")).getFirst();
        daemon.kill();
        assertThat(holder.end(Duration.ofSeconds(5))).isTrue();
        daemon = RunningDevice.start(root, disk, "r0");
        assertThat(daemon.first).startsWith("attached");
        assertThat(daemon.detach()).isEqualTo("detached");
        assertThat(KernelDevices.leftUnder(root)).isEmpty();
    }

    @Test
    void theHolderIsLight() throws Exception {
        daemon = RunningDevice.start(root, disk, "r0");
        DeviceHolder holder = DeviceHolder.of(root.resolve("run/devices/r0")).getFirst();
        String status = Files.readString(Path.of("/proc/" + holder.processId() + "/status"));
        long residentKib =
                status.lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow();
        assertThat(residentKib).as(status).isLessThan(8 << 10);
    }

    /** Writes numbered blocks, each followed by fsync, and notes the longest wait. */
    private static final class Writer {
        private static final int BLOCK = 4096;
        private static final int BLOCKS = 4096;

        private final Path file;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread thread = new Thread(this::write, "writer");
        private volatile long written;
        private volatile long longestNanos;

        Writer(Path file) {
            this.file = file;
        }

        void start() {
            thread.setDaemon(true);
            thread.start();
        }

        void awaitMore(int blocks) throws InterruptedException {
            long wanted = written + blocks;
            for (int i = 0; i < 3000 && written < wanted && failure.get() == null; i++) {
                Thread.sleep(10);
            }
            assertThat(failure.get()).isNull();
            assertThat(written).isGreaterThanOrEqualTo(wanted);
        }

        void stop() throws InterruptedException {
            stopped.set(true);
            thread.join(20_000);
        }

        long longestMillis() {
            return longestNanos / 1_000_000;
        }

        @Nullable Throwable failure() {
            return failure.get();
        }

        int badBlocks() throws IOException {
            int bad = 0;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer block = ByteBuffer.allocate(BLOCK);
                long first = Math.max(0, written - BLOCKS);
                for (long i = first; i < written; i++) {
                    channel.read(block.clear(), i % BLOCKS * BLOCK);
                    for (int at = 0; at < BLOCK; at += 8) {
                        if (block.getLong(at) != i) {
                            bad++;
                            break;
                        }
                    }
                }
            }
            return bad;
        }

        private void write() {
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
                while (!stopped.get()) {
                    long number = written;
                    for (int at = 0; at < BLOCK; at += 8) {
                        block.putLong(at, number);
                    }
                    long begun = System.nanoTime();
                    channel.write(block.clear(), number % BLOCKS * BLOCK);
                    channel.force(false);
                    longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
                    written = number + 1;
                }
            } catch (IOException | RuntimeException e) {
                failure.set(e);
            }
        }
    }
}
