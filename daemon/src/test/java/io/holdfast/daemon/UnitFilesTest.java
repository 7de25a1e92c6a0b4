package io.holdfast.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units that are shipped: systemd itself judges them, and they fit the daemons. */
class UnitFilesTest {
    private static final Path UNITS = Path.of("..", "dist", "systemd");

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"clusterd", "storaged", "witness"})
    void aDaemonThatEndedIsStartedAgainUnlessItsFilesAreWrong(String daemon) throws IOException {
        List<String> lines = Files.readAllLines(unit(daemon));

        assertThat(lines)
                .contains(
                        "ExecStart=/usr/bin/holdfast " + daemon,
                        "Type=notify",
                        "Restart=always",
                        "RestartPreventExitStatus=64 78",
                        "StartLimitIntervalSec=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clusterd", "storaged", "witness"})
    void systemdUnderstandsTheUnit(String daemon) throws IOException, InterruptedException {
        Path judge = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.isExecutable(judge), "systemd-analyze is not installed");
        for (String each : List.of("clusterd", "storaged", "witness")) {
            // The judge wants the program to be there.
            String text = Files.readString(unit(each)).replace("/usr/bin/holdfast", "/bin/true");
            Files.writeString(directory.resolve(unit(each).getFileName()), text);
        }
        Process process =
                new ProcessBuilder(
                                judge.toString(),
                                "verify",
                                "--man=no",
                                directory.resolve(unit(daemon).getFileName()).toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines().filter(line -> line.contains("holdfast-"))).isEmpty();
    }

    private static Path unit(String daemon) {
        return UNITS.resolve("holdfast-" + daemon + ".service");
    }
}
