package io.holdfast.device.driver;

import io.holdfast.base.VolumeId;
import java.util.List;

/**
 * A volume's device as it is now.
 *
 * @param device as the configuration calls it
 * @param kernelDevice as the kernel does, such as {@code /dev/loop3}
 * @param users who has it open or mounted, in words
 * @param waiting whether its requests wait for the volume after a restart
 * @param held whether it would outlive a restart of this process
 */
public record DeviceStatus(
        VolumeId volume,
        String device,
        String kernelDevice,
        List<String> users,
        boolean waiting,
        boolean held,
        int requestsInFlight) {
    public DeviceStatus {
        users = List.copyOf(users);
    }
}
