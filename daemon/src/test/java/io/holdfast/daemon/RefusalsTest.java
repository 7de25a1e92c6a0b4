package io.holdfast.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Daemons as processes, given what they cannot work with: one message, an exit code, no change. */
class RefusalsTest {
    private static final int CANNOT_START = 78;

    private record Ended(int code, String said) {}

    @TempDir Path root;

    @BeforeEach
    void aNodeWithGoodFiles() throws IOException {
        Path etc = Files.createDirectories(root.resolve("etc/holdfast"));
        Files.writeString(
                etc.resolve("corosync.conf"),
                """
                totem {
                    version: 2
                }
                nodelist {
                    node {
                        name: alone
                        ring0_addr: 127.77.3.1
                    }
                }
                """);
        Files.createFile(
                etc.resolve("authkey"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(etc.resolve("authkey"), new byte[128]);
        Files.writeString(
                etc.resolve("drbd.conf"),
                """
                resource v {
                    on alone {
                        device /dev/drbd0;
                        disk /var/lib/holdfast/v.img;
                        address 127.77.3.1:7788;
                        meta-disk internal;
                    }
                }
                """);
    }

    private Ended run(String daemon, String nodeName) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElse("java"),
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        "io.holdfast.daemon.DaemonMain",
                                        daemon))
                        .redirectErrorStream(true);
        builder.environment().put("HOLDFAST_ROOT", root.toString());
        builder.environment().put("HOLDFAST_NODE_NAME", nodeName);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said =
                    ended
                            ? new String(
                                    process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            : "it runs";
            return new Ended(ended ? process.exitValue() : 0, said);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aMissingConfigurationIsNamedWithItsRemedy() throws Exception {
        Files.delete(root.resolve("etc/holdfast/corosync.conf"));

        Ended ended = run("clusterd", "alone");

        assertThat(ended.code()).isEqualTo(CANNOT_START);
        assertThat(ended.said()).contains("corosync.conf").contains("copy corosync.conf");
    }

    @Test
    void aNodeThatTheConfigurationDoesNotListIsToldSo() throws Exception {
        Ended ended = run("clusterd", "stranger");

        assertThat(ended.code()).isEqualTo(CANNOT_START);
        assertThat(ended.said()).contains("add a node section for stranger");
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(
                root.resolve("etc/holdfast/authkey"), PosixFilePermissions.fromString("rw-r--r--"));

        Ended ended = run("storaged", "alone");

        assertThat(ended.code()).isEqualTo(CANNOT_START);
        assertThat(ended.said()).contains("can be read by others").contains("chmod 400");
    }

    @Test
    void aMistakeInDrbdConfIsNamedWithFileAndLine() throws Exception {
        Path file = root.resolve("etc/holdfast/drbd.conf");
        Files.writeString(
                file, Files.readString(file).replace("address 127.77.3.1:7788", "address nowhere"));

        Ended ended = run("storaged", "alone");

        assertThat(ended.code()).isEqualTo(CANNOT_START);
        assertThat(ended.said()).contains("drbd.conf:5");
    }

    @Test
    void aDamagedConfigurationLogIsReportedAndLeftAlone() throws Exception {
        Path folder = Files.createDirectories(root.resolve("var/lib/holdfast/cluster"));
        Path log = folder.resolve("entries.log");
        Files.writeString(log, "00000000 {\"no\":\"entry\"}\n");

        Ended ended = run("clusterd", "alone");

        assertThat(ended.code()).isEqualTo(CANNOT_START);
        assertThat(ended.said())
                .contains("entries.log line 1")
                .contains("leave the files as they are");
        assertThat(log).hasContent("00000000 {\"no\":\"entry\"}");
    }

    @Test
    void wrongUsageIsAnsweredWithHelp() throws Exception {
        Ended ended = run("nonsense", "alone");

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.said()).contains("Usage: holdfast clusterd");
    }
}
