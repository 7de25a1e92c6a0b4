package io.holdfast.daemon.keepalived.notify;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.script.ChildProgram;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.config.ScriptUser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs notify scripts: for each instance or group one at a time, in the order of its changes, each
 * waited for. Keepalived starts them all at once, so that the script of an older state may finish
 * last; its users' storage was then mounted on two nodes.
 */
final class ScriptQueues {
    private static final Duration FIRST_REMINDER = Duration.ofSeconds(30);
    private static final Duration NEXT_REMINDER = Duration.ofMinutes(5);

    /** Scripts that wait, and whether one runs. */
    private static final class Queue {
        final Deque<ScriptCommand> waiting = new ArrayDeque<>();
        boolean running;
    }

    private final Map<String, Queue> queues = new HashMap<>();
    private volatile Optional<ScriptUser> defaultUser;

    ScriptQueues(Optional<ScriptUser> defaultUser) {
        this.defaultUser = defaultUser;
    }

    void setDefaultUser(Optional<ScriptUser> user) {
        defaultUser = user;
    }

    /** Puts a script behind those of the same subject. */
    synchronized void add(String subject, ScriptCommand script) {
        Queue queue = queues.computeIfAbsent(subject, s -> new Queue());
        queue.waiting.add(script);
        if (!queue.running) {
            queue.running = true;
            Thread _ =
                    Thread.ofVirtual()
                            .name("notify " + subject)
                            .start(() -> runAll(subject, queue));
        }
    }

    /** Waits until all have ended; false when the time was over before. */
    synchronized boolean drain(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!queues.isEmpty()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private void runAll(String subject, Queue queue) {
        Optional<ScriptCommand> next = next(subject, queue);
        while (next.isPresent()) {
            run(subject, queue, next.get());
            next = next(subject, queue);
        }
    }

    private synchronized Optional<ScriptCommand> next(String subject, Queue queue) {
        ScriptCommand script = queue.waiting.poll();
        if (script == null) {
            queue.running = false;
            queues.remove(subject, queue);
            notifyAll();
        }
        return Optional.ofNullable(script);
    }

    private synchronized int waiting(Queue queue) {
        return queue.waiting.size();
    }

    private void run(String subject, Queue queue, ScriptCommand script) {
        String text = String.join(" ", script.command());
        try {
            ProcessLog.detail("(" + subject + ") runs " + text);
            ChildProgram program =
                    ChildProgram.start(script.command(), script.user().or(() -> defaultUser));
            Optional<Integer> code = program.exitCode(FIRST_REMINDER);
            while (code.isEmpty()) {
                ProcessLog.warning(
                        "("
                                + subject
                                + ") "
                                + text
                                + " (process "
                                + program.processId()
                                + ") still runs; "
                                + waiting(queue)
                                + " scripts wait for it");
                code = program.exitCode(NEXT_REMINDER);
            }
            if (code.get() != 0) {
                ProcessLog.warning("(" + subject + ") " + text + " ended with " + code.get());
            }
        } catch (IOException e) {
            ProcessLog.error("(" + subject + ") " + text + " cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
