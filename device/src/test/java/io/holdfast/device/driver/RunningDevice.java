package io.holdfast.device.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link DeviceProcess} as a child of the test. */
final class RunningDevice {
    private final Process process;
    private final BufferedReader said;

    /** Its first line: attached or resumed, and the kernel's device. */
    final String first;

    private RunningDevice(Process process) throws IOException {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
        this.first = line();
    }

    static RunningDevice start(Path root, Path disk, String volume) {
        try {
            return new RunningDevice(
                    new ProcessBuilder(
                                    List.of(
                                            Path.of(System.getProperty("java.home"), "bin/java")
                                                    .toString(),
                                            "--enable-native-access=ALL-UNNAMED",
                                            "-XX:+UseSerialGC",
                                            "-XX:TieredStopAtLevel=1",
                                            "-Xmx64m",
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            DeviceProcess.class.getName(),
                                            root.toString(),
                                            disk.toString(),
                                            volume))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String kernelDevice() {
        return first.substring(first.indexOf(' ') + 1);
    }

    /** Asks it to detach; its answer. */
    String detach() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return line();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the daemon does not die");
        }
    }

    boolean awaitEnd() throws InterruptedException {
        return process.waitFor(20, TimeUnit.SECONDS);
    }

    private String line() throws IOException {
        String line = said.readLine();
        while (line != null && !line.startsWith(DeviceProcess.SAYS)) {
            line = said.readLine();
        }
        if (line == null) {
            throw new AssertionError("the daemon has ended");
        }
        return line.substring(DeviceProcess.SAYS.length());
    }
}
