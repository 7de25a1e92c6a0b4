package io.holdfast.membership.driver;

import io.holdfast.base.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each problem once in a while, however often it happens: to the log and to the listener. */
final class ProblemDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemDesk.class);
    private static final long SILENCE_NANOS = 60_000_000_000L;
    private static final int REMEMBERED = 100;

    private final Consumer<Problem> listener;
    private final Map<Problem, Long> toldAtNanos =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Problem, Long> eldest) {
                    return size() > REMEMBERED;
                }
            };

    ProblemDesk(Consumer<Problem> listener) {
        this.listener = listener;
    }

    void tell(Problem problem) {
        synchronized (toldAtNanos) {
            long now = System.nanoTime();
            Long last = toldAtNanos.get(problem);
            if (last != null && now - last < SILENCE_NANOS) {
                return;
            }
            toldAtNanos.put(problem, now);
        }
        LOG.warn("{}", problem.message());
        listener.accept(problem);
    }
}
