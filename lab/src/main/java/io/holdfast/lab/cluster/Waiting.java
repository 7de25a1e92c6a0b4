package io.holdfast.lab.cluster;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waiting for the cluster to get somewhere, never for ever. */
public final class Waiting {
    private static final long LOOK_AGAIN_MILLIS = 100;

    private Waiting() {}

    /** Thrown by what is looked at when waiting longer is of no use. */
    public static final class Hopeless extends ProblemException {
        public Hopeless(Problem problem) {
            super(problem);
        }
    }

    /**
     * Looks until {@code missing} is empty.
     *
     * @param what is awaited, as the sentence's end after "the cluster did not get to"
     * @param missing what is still missing; a ProblemException counts as such, but a {@link
     *     Hopeless} one ends the wait
     * @throws ProblemException with what is missing when the time is over
     */
    public static void until(String what, long timeoutMillis, Supplier<Optional<String>> missing) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        String last = "";
        do {
            Optional<String> now = look(missing);
            if (now.isEmpty()) {
                return;
            }
            last = now.get();
            pause();
        } while (System.nanoTime() - deadline < 0);
        throw new ProblemException(
                new Problem(
                        "not reached within " + timeoutMillis + " ms",
                        what,
                        last,
                        "look at the daemons' logs in the lab's directory (--keep keeps it)"));
    }

    private static Optional<String> look(Supplier<Optional<String>> missing) {
        try {
            return missing.get();
        } catch (Hopeless e) {
            throw e;
        } catch (ProblemException e) {
            return Optional.of(e.problem().message());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    new Problem("interrupted", "lab", "somebody wants it to end", "run it again"),
                    e);
        }
    }
}
