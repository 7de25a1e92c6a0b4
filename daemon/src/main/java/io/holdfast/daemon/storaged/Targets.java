package io.holdfast.daemon.storaged;

import io.holdfast.api.message.ChapUser;
import io.holdfast.api.message.LunStatus;
import io.holdfast.api.message.Portal;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.TargetStatus;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.TargetOptions;
import io.holdfast.iscsi.driver.IscsiTargetService;
import io.holdfast.iscsi.driver.LunConfig;
import io.holdfast.iscsi.driver.TargetConfig;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.driver.OpenVolume;
import io.holdfast.replication.driver.VolumeService;
import io.holdfast.replication.driver.VolumeStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The targets that storaged serves, and which open volume each LUN shows. */
final class Targets implements AutoCloseable {
    private record LunKey(String iqn, int lun) implements Comparable<LunKey> {
        @Override
        public int compareTo(LunKey other) {
            int byName = iqn.compareTo(other.iqn);
            return byName != 0 ? byName : Integer.compare(lun, other.lun);
        }
    }

    private final String clusterName;
    private final IscsiTargetService service;
    private final VolumeService volumes;
    private final Map<LunKey, OpenVolume> open = new TreeMap<>();

    Targets(String clusterName, IscsiTargetService service, VolumeService volumes) {
        this.clusterName = clusterName;
        this.service = service;
        this.volumes = volumes;
    }

    synchronized void add(StorageRequest.TargetAdd request) {
        service.addTarget(
                new TargetConfig(
                        request.iqn(),
                        request.portals().stream().map(Targets::socketAddress).toList(),
                        1,
                        TargetOptions.parse(words(request.options())),
                        request.incomingUsers().stream().map(Targets::account).toList(),
                        Optional.ofNullable(request.outgoingUser()).map(Targets::account),
                        request.allowedInitiators(),
                        Optional.empty()));
    }

    synchronized void remove(String iqn) {
        service.removeTarget(iqn);
        for (LunKey key : List.copyOf(open.keySet())) {
            if (key.iqn().equals(iqn)) {
                close(key);
            }
        }
    }

    synchronized void addLun(StorageRequest.LunAdd request) {
        LunKey key = new LunKey(request.iqn(), request.lun());
        if (open.containsKey(key)) {
            return;
        }
        VolumeId volume = volumes.volumeNamed(request.backing());
        OpenVolume opened = volumes.openVolume(volume);
        try {
            service.addLun(
                    request.iqn(), request.lun(), opened, LunConfig.forVolume(clusterName, volume));
            open.put(key, opened);
        } finally {
            if (!open.containsKey(key)) {
                opened.close();
            }
        }
    }

    synchronized void removeLun(String iqn, int lun) {
        service.removeLun(iqn, lun);
        close(new LunKey(iqn, lun));
    }

    private void close(LunKey key) {
        OpenVolume opened = open.remove(key);
        if (opened != null) {
            opened.close();
        }
    }

    List<TargetStatus> status() {
        return service.status().stream().map(this::view).toList();
    }

    @Nullable TargetStatus status(String iqn) {
        return status().stream().filter(t -> t.iqn().equals(iqn)).findFirst().orElse(null);
    }

    @Nullable LunStatus lunStatus(String iqn, int lun) {
        TargetStatus target = status(iqn);
        return target == null
                ? null
                : target.luns().stream().filter(l -> l.lun() == lun).findFirst().orElse(null);
    }

    /** Also while I/O is suspended: it waits then, and restarting the unit would help nobody. */
    private boolean serving(String volume) {
        VolumeStatus status = volumes.status(new VolumeId(volume));
        return status.role() == Role.PRIMARY && status.disk() != DiskState.FAILED;
    }

    private TargetStatus view(io.holdfast.iscsi.driver.TargetStatus target) {
        return new TargetStatus(
                target.iqn(),
                target.portals().stream()
                        .map(p -> new Portal(p.getAddress().getHostAddress(), p.getPort()))
                        .toList(),
                target.luns().stream()
                        .map(
                                l ->
                                        new LunStatus(
                                                target.iqn(),
                                                l.number(),
                                                l.volume(),
                                                l.sizeBytes(),
                                                serving(l.volume())))
                        .toList(),
                target.sessions().stream()
                        .map(
                                s ->
                                        new TargetStatus.Session(
                                                s.initiatorName(),
                                                s.initiator().getAddress().getHostAddress()
                                                        + ":"
                                                        + s.initiator().getPort()))
                        .toList());
    }

    private static String words(SortedMap<String, String> options) {
        return options.entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(" "));
    }

    private static ChapAccount account(ChapUser user) {
        return new ChapAccount(user.name(), user.secret());
    }

    private static InetSocketAddress socketAddress(Portal portal) {
        try {
            // Numeric by contract; a name would be asked of DNS, so it is refused.
            return new InetSocketAddress(InetAddress.ofLiteral(portal.address()), portal.port());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(
                            "the portal is no numeric address",
                            portal.address(),
                            "a name may mean another host tomorrow",
                            "give the address, such as 192.168.1.10:3260"),
                    e);
        }
    }

    @Override
    public synchronized void close() {
        service.close();
        List.copyOf(open.keySet()).forEach(this::close);
    }
}
