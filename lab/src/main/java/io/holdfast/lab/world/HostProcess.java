package io.holdfast.lab.world;

import io.holdfast.linux.process.PidDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * A program on a host. What the lab started is {@code nsenter}, which waits outside for the program
 * inside; signals go to the latter.
 */
public final class HostProcess {
    private final String description;
    private final Process outside;

    HostProcess(String description, Process outside) {
        this.description = description;
        this.outside = outside;
    }

    public boolean isAlive() {
        return outside.isAlive();
    }

    /** What it prints, when no file was named for that. */
    public BufferedReader output() {
        return outside.inputReader(StandardCharsets.UTF_8);
    }

    /** Its standard input, when no file was named for the output. */
    public OutputStream input() {
        return outside.getOutputStream();
    }

    /** Everything it prints until it ends. */
    public String readAll() {
        try {
            return new String(outside.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end; false when it did not end in time. */
    public boolean waitFor(long timeoutMillis) throws InterruptedException {
        return outside.waitFor(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Calls {@code ended} with the exit code when it ends: 128 and the signal when killed by one.
     */
    public void whenEnded(IntConsumer ended) {
        Object ignored = outside.onExit().thenAccept(p -> ended.accept(p.exitValue()));
    }

    /** Once it has ended. */
    public int exitCode() {
        return outside.exitValue();
    }

    /**
     * Sends a signal to the program itself ({@link PidDescriptor#SIGKILL} …).
     *
     * @return false when it has ended
     */
    public boolean signal(int signal) {
        return outside.children()
                .findFirst()
                .flatMap(program -> PidDescriptor.open(program.pid()))
                .map(
                        program -> {
                            try (program) {
                                return program.signal(signal);
                            }
                        })
                .orElse(false);
    }

    @Override
    public String toString() {
        return description;
    }
}
