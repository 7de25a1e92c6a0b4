package io.holdfast.daemon;

import io.holdfast.base.LoopPulse;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when one of its loops hangs in one event. A node whose controller stands still
 * while its membership beats holds everybody up: the others wait for it, and its lease never ends.
 * Without the process the lease runs out, others take over, and whoever supervises it begins anew.
 *
 * <p>It counts its own looks, not the clock: a process that was stopped and goes on (SIGSTOP, a
 * paused machine) has been looked at once in all that time.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** EX_TEMPFAIL: starting it again may help. */
    public static final int EXIT_CODE = 75;

    /** Looks at one event until it counts as hung; with a look a second, so many seconds. */
    private static final int PATIENCE = 10;

    private static final long LAST_WORDS_MILLIS = 2_000;

    private final Map<String, Watched> loops = new TreeMap<>();
    private final long periodNanos;
    private final Runnable alive;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("watchdog").unstarted(this::watch);
    private volatile boolean closed;

    /** A loop, and how often its present event was seen. */
    private static final class Watched {
        final LoopPulse pulse;
        long number;
        int looks;

        Watched(LoopPulse pulse) {
            this.pulse = pulse;
        }
    }

    /** An event that does not end. */
    record Hung(String loop, LoopPulse.Work work) {}

    /**
     * Made with the loops it watches; {@link #start} begins.
     *
     * @param alive told at each look at which all is well
     */
    public Watchdog(Map<String, LoopPulse> loops, long periodMillis, Runnable alive) {
        loops.forEach((name, pulse) -> this.loops.put(name, new Watched(pulse)));
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.alive = alive;
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(periodNanos);
            Optional<Hung> hung = look();
            if (hung.isPresent() && !closed) {
                end(hung.get());
            }
            tellAlive();
        }
    }

    /** Looks at each loop once. */
    Optional<Hung> look() {
        Hung found = null;
        for (var loop : loops.entrySet()) {
            Hung hung = look(loop.getKey(), loop.getValue());
            found = found == null ? hung : found;
        }
        return Optional.ofNullable(found);
    }

    private static @Nullable Hung look(String name, Watched loop) {
        LoopPulse.Work work = loop.pulse.work().orElse(null);
        if (work == null || work.number() != loop.number) {
            loop.number = work == null ? 0 : work.number();
            loop.looks = 0;
            return null;
        }
        return ++loop.looks >= PATIENCE ? new Hung(name, work) : null;
    }

    private void tellAlive() {
        try {
            alive.run();
        } catch (RuntimeException e) {
            LOG.debug("nobody could be told that all is well", e);
        }
    }

    /** The log may be what hangs, so it is given a while and no more. */
    private static void end(Hung hung) {
        Thread lastWords =
                Thread.ofPlatform()
                        .daemon()
                        .name("last-words")
                        .start(() -> LOG.error("{}", words(hung)));
        try {
            lastWords.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            // Ending anyway.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    static String words(Hung hung) {
        return "the "
                + hung.loop()
                + " loop hangs in "
                + hung.work().what()
                + "; this daemon ends with code "
                + EXIT_CODE
                + ", its lease runs out and others take over. Thread "
                + hung.work().thread().getName()
                + " is "
                + hung.work().thread().getState()
                + ":"
                + Arrays.stream(hung.work().thread().getStackTrace())
                        .map(frame -> "\n\tat " + frame)
                        .collect(Collectors.joining());
    }
}
