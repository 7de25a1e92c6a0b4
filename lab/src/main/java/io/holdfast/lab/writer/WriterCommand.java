package io.holdfast.lab.writer;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code holdfast lab-writer}: a {@link BlockWriter} as a process. It takes {@code pause}, {@code
 * resume}, {@code verify} and {@code stop} on its standard input, a line each, ends with its input,
 * and prints {@link WriterLine}s.
 */
@Command(
        name = "lab-writer",
        mixinStandardHelpOptions = true,
        description =
                "Writes numbered blocks to an iSCSI disk and tells when each was acknowledged.")
public final class WriterCommand implements Callable<Integer> {
    /** The environment variable with the CHAP secret; arguments can be read by everybody. */
    public static final String SECRET_VARIABLE = "HOLDFAST_CHAP_SECRET";

    @Option(names = "--portal", required = true, description = "ADDRESS[:PORT] of the target")
    private String portal = "";

    @Option(names = "--target", required = true, description = "the target's iqn")
    private String target = "";

    @Option(names = "--lun", description = "default: ${DEFAULT-VALUE}")
    private int lun;

    @Option(names = "--number", description = "tells writers apart; default: ${DEFAULT-VALUE}")
    private int number = 1;

    @Option(names = "--first-block", description = "in units of 4 KiB; default: ${DEFAULT-VALUE}")
    private long firstBlock;

    @Option(names = "--blocks", description = "default: ${DEFAULT-VALUE}")
    private int blocks = 2048;

    @Option(names = "--interval-millis", description = "default: ${DEFAULT-VALUE}")
    private int intervalMillis = 10;

    @Option(names = "--chap-user", description = "its secret: variable " + SECRET_VARIABLE)
    private String chapUser = "";

    @Option(names = "--paused", description = "begin when told to resume")
    private boolean paused;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out =
                new PrintStream(System.out, true, StandardCharsets.UTF_8); // a line at a time
        BlockWriter writer =
                new BlockWriter(
                        new IscsiDisk(
                                address(portal),
                                target,
                                lun,
                                initiator(),
                                why -> print(out, new WriterLine.Note(System.nanoTime(), why))),
                        new WriterPlan(
                                number, firstBlock, blocks, intervalMillis * 1_000_000L, paused),
                        line -> print(out, line));
        Thread.ofPlatform().daemon().name("commands").start(() -> obey(writer));
        writer.run();
        return 0;
    }

    private static void print(PrintStream out, WriterLine line) {
        synchronized (out) {
            out.println(line.encode());
        }
    }

    private InitiatorConfig initiator() {
        InitiatorConfig config =
                InitiatorConfig.named("iqn.2026-01.io.holdfast:lab-writer-" + number)
                        .withIsid(0x8000_0000_0000L | number);
        return chapUser.isEmpty() ? config : config.withChap(chapUser, secret());
    }

    private static String secret() {
        String secret = System.getenv(SECRET_VARIABLE);
        if (secret == null || secret.isEmpty()) {
            throw new ProblemException(
                    new Problem(
                            "the CHAP secret is missing",
                            SECRET_VARIABLE,
                            "a user was given, but no secret in the environment",
                            "set " + SECRET_VARIABLE));
        }
        return secret;
    }

    private static void obey(BlockWriter writer) {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            String line;
            while ((line = in.readLine()) != null) {
                switch (line.strip()) {
                    case "pause" -> writer.pause();
                    case "resume" -> writer.resume();
                    case "verify" -> writer.verify();
                    case "stop" -> writer.stop();
                    default -> System.err.println("pause, resume, verify or stop, not " + line);
                }
            }
        } catch (IOException e) {
            System.err.println("commands can no longer be read: " + e.getMessage());
        }
        writer.stop();
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        boolean withPort =
                colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = withPort ? text.substring(0, colon) : text;
        int port = withPort ? Integer.parseInt(text.substring(colon + 1)) : 3260;
        return new InetSocketAddress(
                InetAddress.ofLiteral(host.replace("[", "").replace("]", "")), port);
    }
}
