package io.holdfast.controller.driver;

import io.holdfast.base.Term;
import io.holdfast.cib.Cib;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the last transitions were decided from, one CIB a file, {@code transition-TERM-NUMBER.xml}:
 * {@code holdfast crm_simulate -S -x FILE} and {@code holdfast explain --cib FILE} answer from it
 * what was decided, and why. What Pacemaker's users know as pe-input files.
 *
 * <p>Written behind the controller's back: a failover does not wait for it, and when writing cannot
 * keep up or fails, inputs are lost and nothing else. They hold the configuration with its
 * passwords, so only their owner may read them.
 */
final class TransitionInputs implements AutoCloseable {
    static final int KEPT = 100;

    private static final Logger LOG = LoggerFactory.getLogger(TransitionInputs.class);
    private static final int MOST_WAITING = 8;
    private static final Pattern NAME = Pattern.compile("transition-(\\d{1,18})-(\\d{1,9})\\.xml");

    private final Path directory;
    private final ThreadPoolExecutor writer =
            new ThreadPoolExecutor(
                    0,
                    1,
                    1,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MOST_WAITING),
                    Thread.ofPlatform().daemon().name("transition-inputs").factory(),
                    (lost, pool) -> LOG.debug("an input of a transition was not kept: too many"));

    /** Keeps in {@code directory}, which is made when it is first needed. */
    TransitionInputs(Path directory) {
        this.directory = directory;
    }

    void keep(Term term, int transition, Cib cib) {
        writer.execute(
                () -> {
                    try {
                        write("transition-" + term.number() + "-" + transition + ".xml", cib);
                        removeOldest();
                    } catch (IOException | RuntimeException e) {
                        LOG.warn("the input of transition {} was not kept: {}", transition, e);
                    }
                });
    }

    private void write(String name, Cib cib) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path unfinished = directory.resolve("unfinished");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, cib.toXml());
        Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void removeOldest() throws IOException {
        List<Path> inputs = inputs();
        for (Path old : inputs.subList(0, Math.max(0, inputs.size() - KEPT))) {
            Files.deleteIfExists(old);
        }
    }

    /** Oldest first. */
    private List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> matcher(file).matches())
                    .sorted(
                            Comparator.<Path>comparingLong(file -> number(file, 1))
                                    .thenComparingLong(file -> number(file, 2)))
                    .toList();
        }
    }

    private static long number(Path file, int group) {
        Matcher name = matcher(file);
        return name.matches() ? Long.parseLong(name.group(group)) : 0;
    }

    private static Matcher matcher(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName()));
    }

    /** What waits is still written, for a moment. */
    @Override
    public void close() {
        writer.shutdown();
    }
}
