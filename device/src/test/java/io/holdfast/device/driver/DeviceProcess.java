package io.holdfast.device.driver;

import io.holdfast.base.VolumeId;
import java.nio.file.Path;

/**
 * A daemon as small as it can be, to be killed by tests: attaches one file as a device, or goes on
 * with what its predecessor left, says so on standard output, and serves until it is killed; a line
 * on standard input has it detach.
 */
final class DeviceProcess {
    /** What its lines begin with, among those of the log. */
    static final String SAYS = "device: ";

    private DeviceProcess() {}

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        Path disk = Path.of(args[1]);
        VolumeId id = new VolumeId(args[2]);
        LocalDevices devices = new LocalDevices(new DevicePaths(root, root.resolve("run")));
        boolean resumed = !devices.resume(volume -> "/dev/drbd0").isEmpty();
        devices.attach(DirectFileVolume.open(id, disk, 8), "/dev/drbd0");
        System.out.println(SAYS + (resumed ? "resumed " : "attached ") + kernelDevice(devices, id));
        while (System.in.read() >= 0) {
            try {
                devices.detach(id);
                System.out.println(SAYS + "detached");
                return;
            } catch (io.holdfast.base.ProblemException e) {
                System.out.println(SAYS + "refused: " + e.problem().why());
            }
        }
        // Whoever started it is gone.
        devices.detach(id);
    }

    private static String kernelDevice(LocalDevices devices, VolumeId id) {
        return devices.status(id).orElseThrow().kernelDevice();
    }
}
