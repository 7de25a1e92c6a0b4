package io.holdfast.cli;

import io.holdfast.base.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command writes to.
 *
 * @param interactive whether a person sees {@code out} as it is written
 * @param coloured whether colours are wanted there: a terminal, and no NO_COLOR (no-color.org)
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean coloured) {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    public static Terminal ofProcess(Map<String, String> environment) {
        boolean terminal = isTerminal();
        boolean coloured =
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM"));
        // Text is UTF-8 whatever the locale says, written in one piece.
        PrintStream out =
                new PrintStream(
                        new java.io.BufferedOutputStream(
                                new java.io.FileOutputStream(java.io.FileDescriptor.out), 8192),
                        false,
                        StandardCharsets.UTF_8);
        return new Terminal(out, System.err, terminal, coloured);
    }

    public Paint paint() {
        return coloured ? Paint.COLOURED : Paint.PLAIN;
    }

    /** Says a problem so that its reader can act on it. */
    public void tell(String command, Problem problem) {
        out.flush();
        err.println(command + ": " + problem.object() + ": " + problem.what());
        err.println("  why:     " + problem.why());
        err.println("  to mend: " + problem.remedy());
    }

    // System.console() would load a line editor; the kernel knows what descriptor 1 is.
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
