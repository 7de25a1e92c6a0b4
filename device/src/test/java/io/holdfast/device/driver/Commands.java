package io.holdfast.device.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that tests run, each with a limit of time. */
final class Commands {
    record Outcome(int code, String output) {}

    private static final int LONGEST_SECONDS = 60;

    private Commands() {}

    static boolean exist(String... names) {
        for (String name : names) {
            boolean found = false;
            for (String directory : List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")) {
                found |= Files.isExecutable(Path.of(directory, name));
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /** Runs it; anything but exit code 0 fails the test. */
    static String run(String... command) {
        Outcome outcome = tryToRun(command);
        if (outcome.code() != 0) {
            throw new AssertionError(
                    String.join(" ", command)
                            + " ended with "
                            + outcome.code()
                            + ":\n"
                            + outcome.output());
        }
        return outcome.output();
    }

    static Outcome tryToRun(String... command) {
        try {
            Path output = Files.createTempFile("holdfast-command", ".out");
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(String.join(" ", command) + " does not end");
                }
                return new Outcome(
                        process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
