package io.holdfast.lab.check;

import io.holdfast.base.ProblemException;
import io.holdfast.lab.check.CheckResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers the results of a scenario's checks, and tells each as it comes. */
public final class Checks {
    private final Consumer<CheckResult> listener;
    private final List<CheckResult> results = new ArrayList<>();

    public Checks(Consumer<CheckResult> listener) {
        this.listener = listener;
    }

    /** What a check does: returns what it saw, or throws. */
    @FunctionalInterface
    public interface Body {
        String look() throws InterruptedException;
    }

    /** A check did not see what it should. */
    public static final class CheckFailed extends RuntimeException {
        public CheckFailed(String message) {
            super(message);
        }
    }

    /**
     * Runs a check; what it throws is its failure.
     *
     * @return whether it passed, for those that build on it
     */
    public boolean check(String id, Body body) throws InterruptedException {
        try {
            add(new CheckResult(id, Outcome.PASS, body.look()));
            return true;
        } catch (CheckFailed | ProblemException e) {
            add(new CheckResult(id, Outcome.FAIL, String.valueOf(e.getMessage())));
            return false;
        }
    }

    /** Notes that a check was not run. */
    public void skip(String id, String reason) {
        add(new CheckResult(id, Outcome.SKIPPED, reason));
    }

    /** Fails unless {@code holds}. */
    public static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CheckFailed(otherwise);
        }
    }

    /** In the order in which they ran. */
    public List<CheckResult> results() {
        return List.copyOf(results);
    }

    public boolean allPassed() {
        return results.stream().noneMatch(r -> r.result() == Outcome.FAIL);
    }

    private void add(CheckResult result) {
        results.add(result);
        listener.accept(result);
    }
}
