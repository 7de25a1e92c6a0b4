package io.holdfast.executor.external;

import io.holdfast.linux.signal.ProcessGroup;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process in a session of its own, with nothing in its environment but what is given, and
 * what it printed, up to a bound.
 *
 * <p>Interrupting the thread that runs it ends the whole process group: first SIGTERM, then
 * SIGKILL. A service that the program left in the background is not waited for, even when it keeps
 * the program's output open.
 *
 * @param exitCode 128 + signal when it was killed
 * @param output the first part of its standard output
 * @param errors the last part of its standard error
 */
record AgentProcess(int exitCode, String output, String errors) {
    private static final int KEPT_BYTES = 64 * 1024;
    private static final long POLL_MILLIS = 20;
    private static final long TERM_PATIENCE_MILLIS = 1000;

    static AgentProcess run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        // setsid makes it a group leader without a second process, so its pid is the group's id.
        List<String> inOwnSession = new ArrayList<>(List.of("setsid"));
        inOwnSession.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(inOwnSession).directory(new File("/"));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream out = process.getInputStream();
                InputStream err = process.getErrorStream()) {
            Capture output = new Capture(out, false);
            Capture errors = new Capture(err, true);
            try {
                while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    output.drain();
                    errors.drain();
                }
            } catch (InterruptedException e) {
                end(process);
                throw e;
            }
            output.drain();
            errors.drain();
            return new AgentProcess(process.exitValue(), output.text(), errors.text());
        }
    }

    private static void end(Process process) {
        ProcessGroup group = new ProcessGroup(process.pid());
        group.signal(ProcessGroup.SIGTERM);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TERM_PATIENCE_MILLIS);
        while (process.isAlive() && System.nanoTime() - deadline < 0) {
            waitQuietly(process, POLL_MILLIS);
        }
        // Children of a leader that ended are still of its group.
        group.signal(ProcessGroup.SIGKILL);
        while (process.isAlive()) {
            waitQuietly(process, 1000);
        }
    }

    private static void waitQuietly(Process process, long millis) {
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException again) {
            // Already ending it; the caller keeps the first interrupt.
        }
    }

    /** Reads what is there without ever waiting for more. */
    private static final class Capture {
        private final InputStream from;
        private final boolean keepLast;
        private final byte[] chunk = new byte[8192];
        private ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Capture(InputStream from, boolean keepLast) {
            this.from = from;
            this.keepLast = keepLast;
        }

        void drain() throws IOException {
            int available;
            while ((available = from.available()) > 0) {
                int count = from.read(chunk, 0, Math.min(available, chunk.length));
                if (count < 0) {
                    return;
                }
                keep(count);
            }
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        private void keep(int count) {
            if (kept.size() + count > KEPT_BYTES) {
                if (!keepLast) {
                    return;
                }
                kept = new ByteArrayOutputStream();
            }
            kept.write(chunk, 0, count);
        }
    }
}
