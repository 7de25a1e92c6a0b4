package io.holdfast.iscsi.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.base.VolumeId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Initiators that others wrote, when they are installed (libiscsi-bin, qemu-utils,
 * qemu-block-extra).
 */
class RealClientsTest {
    private static final String IQN = "iqn.2026-01.io.holdfast:disk";

    @TempDir Path folder = Path.of(".");
    private final IscsiTargetService service = new IscsiTargetService();
    private final List<InetSocketAddress> portals = new ArrayList<>();
    private final List<FileVolume> volumes = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        List<InetSocketAddress> wanted =
                List.of(
                        new InetSocketAddress("127.0.0.1", 0),
                        new InetSocketAddress("127.0.0.2", 0));
        service.addTarget(TargetConfig.open(IQN, wanted));
        for (int lun = 0; lun < 2; lun++) {
            Path file = folder.resolve("disk" + lun);
            try (RandomAccessFile created = new RandomAccessFile(file.toFile(), "rw")) {
                created.setLength(256 << 20);
            }
            VolumeId id = new VolumeId("disk" + lun);
            FileVolume volume = FileVolume.open(id, file);
            volumes.add(volume);
            // LUN 0 is thick, LUN 1 thin.
            service.addLun(IQN, lun, volume, LunConfig.forVolume("test", id).withThin(lun == 1));
        }
        wanted.forEach(portal -> portals.add(service.boundAddress(portal)));
    }

    @AfterEach
    void stop() {
        service.close();
        volumes.forEach(FileVolume::close);
    }

    private String url(int portal, int lun) {
        InetSocketAddress address = portals.get(portal);
        return "iscsi://%s:%d/%s/%d"
                .formatted(address.getHostString(), address.getPort(), IQN, lun);
    }

    private static String run(String... command) throws Exception {
        boolean installed =
                Files.isExecutable(Path.of("/usr/bin", command[0]))
                        || Files.isExecutable(Path.of("/usr/local/bin", command[0]));
        assumeTrue(
                installed,
                command[0]
                        + " is not installed (apt install libiscsi-bin qemu-utils qemu-block-extra)");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void libiscsiListsTheTargetItsPortalsAndUnits() throws Exception {
        InetSocketAddress first = portals.getFirst();
        String output = run("iscsi-ls", "-s", "iscsi://127.0.0.1:" + first.getPort());
        assertThat(output)
                .contains("Target:" + IQN + " Portal:127.0.0.1:" + first.getPort() + ",1")
                .contains("Lun:0    Type:DIRECT_ACCESS")
                .contains("Lun:1    Type:DIRECT_ACCESS");
        assertThat(run("iscsi-inq", url(0, 0))).contains("Vendor:HOLDFAST");
    }

    @Test
    void qemuWritesFlushesAndReadsBack() throws Exception {
        String output =
                run(
                        "qemu-io",
                        "-f",
                        "raw",
                        "-c",
                        "write -P 0x5a 1M 3M",
                        "-c",
                        "flush",
                        "-c",
                        "read -P 0x5a 1M 3M",
                        "-c",
                        "write -z 1M 1M",
                        "-c",
                        "discard 2M 1M",
                        "-c",
                        "read -P 0 1M 1M",
                        url(0, 1));
        assumeTrue(!output.contains("Unknown protocol 'iscsi'"), "qemu-block-extra is missing");
        assertThat(output).contains("wrote 3145728/3145728").doesNotContain("failed");
    }

    /** A part of libiscsi's own suite that is quick; the whole of it is nightly. */
    @Test
    void libiscsisSuiteFindsNothingWrongWithTheProtocolAndTheBasicCommands() throws Exception {
        for (String family :
                List.of(
                        "iSCSI",
                        "SCSI.Read16",
                        "SCSI.Write16",
                        "SCSI.Inquiry",
                        "SCSI.CompareAndWrite",
                        "SCSI.ProutReserve",
                        "SCSI.Unmap",
                        "SCSI.ModeSense6",
                        "MULTIPATH")) {
            expectNoFailure(family, 1);
        }
    }

    @Test
    @Tag("nightly")
    void libiscsisWholeSuiteFindsNothingWrong() throws Exception {
        expectNoFailure("ALL", 0);
        expectNoFailure("ALL", 1);
    }

    private void expectNoFailure(String tests, int lun) throws Exception {
        String output = run("iscsi-test-cu", "-d", "-v", "-t", tests, url(0, lun), url(1, lun));
        // "tests  total ran passed failed" of CUnit's summary; skipped ones count as passed there.
        Matcher summary = Pattern.compile("tests +\\d+ +\\d+ +\\d+ +(\\d+)").matcher(output);
        assertThat(summary.find()).as(output).isTrue();
        assertThat(summary.group(1)).as("%s on LUN %d:%n%s", tests, lun, output).isEqualTo("0");
    }
}
