package io.holdfast.device.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.mount.MountTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A file as a block device of this very kernel, with ext4 on it. */
@Timeout(120)
class LocalDeviceTest {
    private static final long DISK_BYTES = 64L << 20;

    @TempDir(cleanup = CleanupMode.NEVER)
    private Path root;

    private Path disk = Path.of("");
    private Path mountPoint = Path.of("");
    private final VolumeId volume = new VolumeId("r0");

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
    void nothingIsLeft() {
        KernelDevices.clear(root);
    }

    @Test
    void aFileSystemIsMadeMountedWrittenAndReadBack() throws Exception {
        try (DirectFileVolume file = DirectFileVolume.open(volume, disk, 4)) {
            LocalDevices devices = devices();
            devices.attach(file, "/dev/drbd0");
            Path device = root.resolve("dev/drbd0");
            Commands.run("mkfs.ext4", "-q", device.toString());
            Commands.run("mount", device.toString(), mountPoint.toString());
            byte[] written = new byte[5_000_000];
            new Random(1).nextBytes(written);
            Files.write(mountPoint.resolve("a"), written);
            Commands.run("sync", "-f", mountPoint.toString());
            Commands.run("umount", mountPoint.toString());
            Commands.run("mount", device.toString(), mountPoint.toString());
            assertThat(Files.readAllBytes(mountPoint.resolve("a"))).isEqualTo(written);
            Commands.run("umount", mountPoint.toString());
            Commands.run("fsck.ext4", "-fn", device.toString());
            devices.detach(volume);
        }
        assertThat(KernelDevices.leftUnder(root)).isEmpty();
        assertThat(root.resolve("dev/drbd0")).doesNotExist();
    }

    @Test
    void theMountTableShowsTheNameOfTheConfiguration() throws Exception {
        try (DirectFileVolume file = DirectFileVolume.open(volume, disk, 4)) {
            LocalDevices devices = devices();
            devices.attach(file, "/dev/drbd0");
            Path device = root.resolve("dev/drbd0");
            Commands.run("mkfs.ext4", "-q", device.toString());
            Commands.run("mount", device.toString(), mountPoint.toString());
            assertThat(MountTable.read())
                    .anyMatch(
                            e ->
                                    e.mountPoint().equals(mountPoint.toString())
                                            && e.source().equals(device.toString()));
            assertThat(root.resolve("dev/drbd/by-res/r0/0").toRealPath())
                    .isEqualTo(device.toRealPath());
            Commands.run("umount", mountPoint.toString());
            devices.detach(volume);
        }
    }

    @Test
    void aMountedDeviceIsNotTakenAwayAndSaysWhoHoldsIt() throws Exception {
        try (DirectFileVolume file = DirectFileVolume.open(volume, disk, 4)) {
            LocalDevices devices = devices();
            devices.attach(file, "/dev/drbd0");
            String device = root.resolve("dev/drbd0").toString();
            Commands.run("mkfs.ext4", "-q", device);
            Commands.run("mount", device, mountPoint.toString());
            assertThatThrownBy(() -> devices.detach(volume))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("held open by mounted on " + mountPoint);
            Files.writeString(mountPoint.resolve("still"), "works");
            Commands.run("sync", "-f", mountPoint.toString());
            Commands.run("umount", mountPoint.toString());
            devices.detach(volume);
        }
        assertThat(KernelDevices.leftUnder(root)).isEmpty();
    }

    @Test
    void aDeviceThatIsOnlyOpenIsNotTakenAway() throws Exception {
        try (DirectFileVolume file = DirectFileVolume.open(volume, disk, 4)) {
            LocalDevices devices = devices();
            devices.attach(file, "/dev/drbd0");
            Process reader =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "exec 3<" + root.resolve("dev/drbd0") + "; read -r line")
                            .start();
            awaitOpen(reader);
            assertThatThrownBy(() -> devices.detach(volume))
                    .hasMessageContaining("open in sh (process " + reader.pid() + ")");
            reader.getOutputStream().close();
            reader.waitFor();
            devices.detach(volume);
        }
        assertThat(KernelDevices.leftUnder(root)).isEmpty();
    }

    @Test
    void whatIsTrimmedIsPunchedOutOfTheFile() throws Exception {
        assumeTrue(Commands.exist("fstrim"), "fstrim is not installed (util-linux)");
        try (DirectFileVolume file = DirectFileVolume.open(volume, disk, 4)) {
            LocalDevices devices = devices();
            devices.attach(file, "/dev/drbd0");
            String device = root.resolve("dev/drbd0").toString();
            Commands.run("mkfs.ext4", "-q", device);
            Commands.run("mount", device, mountPoint.toString());
            Files.write(mountPoint.resolve("a"), new byte[20 << 20]);
            Commands.run("sync", "-f", mountPoint.toString());
            long full = spaceUsed();
            Files.delete(mountPoint.resolve("a"));
            Commands.run("sync", "-f", mountPoint.toString());
            Commands.run("fstrim", mountPoint.toString());
            assertThat(spaceUsed()).isLessThan(full - (15 << 20));
            Commands.run("umount", mountPoint.toString());
            devices.detach(volume);
        }
    }

    private LocalDevices devices() {
        return new LocalDevices(new DevicePaths(root, root.resolve("run")));
    }

    private long spaceUsed() {
        String blocks = Commands.run("stat", "-c", "%b", disk.toString()).strip();
        return Long.parseLong(blocks) * 512;
    }

    private static void awaitOpen(Process process) throws InterruptedException {
        Path opened = Path.of("/proc/" + process.pid() + "/fd/3");
        for (int i = 0; i < 500 && !Files.exists(opened, LinkOption.NOFOLLOW_LINKS); i++) {
            Thread.sleep(10);
        }
    }
}
