package io.holdfast.device.driver;

import io.holdfast.base.VolumeId;
import io.holdfast.replication.volume.BlockVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The devices of one daemon. Calls block until what they say is done, may come from any thread, and
 * may be repeated; what cannot be done is a {@link io.holdfast.base.ProblemException}.
 */
public final class LocalDevices implements AutoCloseable {
    private final DevicePaths paths;
    private final Map<VolumeId, AttachedDevice> devices = new TreeMap<>();

    public LocalDevices(DevicePaths paths) {
        this.paths = paths;
    }

    /**
     * Takes over what a daemon before this one left behind and clears away what cannot be taken
     * over. To be called once, before {@link #attach}.
     *
     * @param deviceNames what the configuration calls a volume's device
     * @return volumes whose devices wait for {@link #attach}
     */
    public synchronized List<VolumeId> resume(Function<VolumeId, String> deviceNames)
            throws InterruptedException {
        for (VolumeId volume : paths.known()) {
            AttachedDevice.resume(volume, deviceNames.apply(volume), paths)
                    .ifPresent(device -> devices.put(volume, device));
        }
        return List.copyOf(devices.keySet());
    }

    /**
     * Attaches a volume, or lets a device that waits go on with it.
     *
     * @param volume open, and kept open until {@link #detach}
     * @param deviceName such as {@code /dev/drbd0}
     */
    public synchronized void attach(BlockVolume volume, String deviceName)
            throws InterruptedException {
        AttachedDevice device = devices.get(volume.id());
        if (device == null) {
            devices.put(volume.id(), AttachedDevice.attach(volume, deviceName, paths));
        } else if (device.isWaiting()) {
            device.serve(volume);
        }
    }

    /**
     * Takes a device away; nothing when there is none.
     *
     * @throws io.holdfast.base.ProblemException when somebody has it open or mounted; then it stays
     */
    public synchronized void detach(VolumeId volume) throws InterruptedException {
        AttachedDevice device = devices.get(volume);
        if (device != null) {
            device.detach();
            devices.remove(volume);
        }
    }

    public synchronized boolean isAttached(VolumeId volume) {
        return devices.containsKey(volume);
    }

    public synchronized Optional<DeviceStatus> status(VolumeId volume) {
        return Optional.ofNullable(devices.get(volume)).map(AttachedDevice::status);
    }

    /** All devices, sorted by volume. */
    public synchronized List<DeviceStatus> status() {
        return devices.values().stream().map(AttachedDevice::status).toList();
    }

    /**
     * Leaves the devices as they are to the next daemon: their users notice no more than a pause.
     */
    @Override
    public synchronized void close() {
        devices.values().forEach(AttachedDevice::leave);
    }
}
