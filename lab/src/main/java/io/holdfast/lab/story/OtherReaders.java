package io.holdfast.lab.story;

import io.holdfast.lab.cluster.ClusterPlan.Volume;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.cluster.LabNode;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.LabRequirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Has the disk read by programs that are not ours: libiscsi's tools and qemu-img, from the client,
 * over iSCSI, when Debian's packages are installed.
 */
public final class OtherReaders {
    private static final String PACKAGES = "libiscsi-bin qemu-utils qemu-block-extra";
    private static final long TIMEOUT_MILLIS = 30_000;

    private final LabCluster cluster;
    private final List<String> failures = new ArrayList<>();

    public OtherReaders(LabCluster cluster) {
        this.cluster = cluster;
    }

    /** What did not agree; empty before {@link #read} and when all is well. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * Reads the volume and compares it with the file of the server that has it. Nobody may write.
     *
     * @return a sentence for each program, or how to get them
     */
    public List<String> read(Volume volume, LabNode active, long dataBytes)
            throws InterruptedException {
        List<String> sentences = new ArrayList<>();
        boolean list = LabRequirements.isOnPath("iscsi-ls");
        boolean image = LabRequirements.isOnPath("qemu-img") && hasIscsiDriver();
        if (list) {
            sentences.add(listLuns(volume));
        }
        if (image) {
            sentences.add(copyImage(volume, active, dataBytes));
        }
        if (!list || !image) {
            sentences.add(
                    "to have other programs read the disk too: apt-get install -y " + PACKAGES);
        }
        return sentences;
    }

    private String listLuns(Volume volume) throws InterruptedException {
        HostProcess process =
                run("iscsi-ls", "-s", "iscsi://" + volume.floating().getHostAddress());
        String output = process.readAll();
        boolean found =
                process.waitFor(TIMEOUT_MILLIS)
                        && output.contains(volume.targetName())
                        && output.contains("Lun:0");
        if (!found) {
            failures.add("iscsi-ls does not see LUN 0 of " + volume.targetName() + ": " + output);
            return "iscsi-ls does not see the disk";
        }
        return "libiscsi's iscsi-ls sees " + volume.targetName() + " LUN 0";
    }

    private String copyImage(Volume volume, LabNode active, long dataBytes)
            throws InterruptedException {
        Path copy = cluster.client().root().resolve("read-back.img");
        HostProcess process =
                run(
                        "qemu-img",
                        "convert",
                        "-O",
                        "raw",
                        "iscsi://"
                                + volume.floating().getHostAddress()
                                + "/"
                                + volume.targetName()
                                + "/0",
                        copy.toString());
        String output = process.readAll();
        if (!process.waitFor(TIMEOUT_MILLIS) || process.exitCode() != 0) {
            failures.add("qemu-img cannot read the disk: " + output.strip());
            return "qemu-img cannot read the disk";
        }
        OptionalLong different =
                ReplicaComparison.firstDifference(
                        copy, cluster.backingFile(active, volume), dataBytes);
        if (different.isPresent()) {
            failures.add("qemu-img read something else at byte " + different.getAsLong());
            return "qemu-img's copy differs from the replicas";
        }
        return "qemu-img read all "
                + dataBytes / (1 << 20)
                + " MiB over iSCSI, equal to the replicas byte for byte";
    }

    // The secret goes by environment: arguments can be read by everybody on the machine.
    private HostProcess run(String... command) {
        return cluster.client()
                .start(
                        List.of(command),
                        Map.of(
                                "LIBISCSI_CHAP_USERNAME",
                                cluster.plan().chapUser(),
                                "LIBISCSI_CHAP_PASSWORD",
                                cluster.plan().chapSecret()),
                        Optional.empty());
    }

    /** qemu-block-extra puts the iSCSI driver into a folder of the architecture's libraries. */
    private static boolean hasIscsiDriver() {
        try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve("qemu/block-iscsi.so"))) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }
}
