package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.session.CommandWindow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one session by slot. Everything but {@link #atSlot} is called with the connection's
 * lock held.
 */
final class TaskTable {
    /** Immediate commands do not count in the window, so they get places of their own. */
    private static final int IMMEDIATE_PLACES = 32;

    private final TargetConnection connection;
    private final BufferPool pool;
    private final CommandWindow window;
    private final @Nullable ScsiTask[] tasks;
    private final int[] freeSlots;
    private int freeCount;

    TaskTable(TargetConnection connection, BufferPool pool, CommandWindow window, int depth) {
        this.connection = connection;
        this.pool = pool;
        this.window = window;
        this.tasks = new ScsiTask[depth + IMMEDIATE_PLACES];
        this.freeSlots = new int[tasks.length];
        for (int slot = tasks.length - 1; slot >= 0; slot--) {
            freeSlots[freeCount++] = slot;
        }
    }

    /** A task that starts COLLECTING, or null when all are in use. */
    @Nullable ScsiTask take(ScsiCommands commands) {
        if (freeCount == 0) {
            return null;
        }
        int slot = freeSlots[--freeCount];
        ScsiTask task = tasks[slot];
        if (task == null) {
            task = new ScsiTask(commands, slot);
            tasks[slot] = task;
        }
        task.state = ScsiTask.State.COLLECTING;
        return task;
    }

    @Nullable ScsiTask atSlot(int slot) {
        return slot < tasks.length ? tasks[slot] : null;
    }

    @Nullable ScsiTask find(int initiatorTaskTag) {
        for (ScsiTask task : tasks) {
            if (task != null && task.initiatorTaskTag == initiatorTaskTag && live(task)) {
                return task;
            }
        }
        return null;
    }

    private static boolean live(ScsiTask task) {
        return task.state == ScsiTask.State.COLLECTING || task.state == ScsiTask.State.EXECUTING;
    }

    /** The task gives its place in the command window back. */
    void leaveWindow(ScsiTask task) {
        if (task.inWindow) {
            task.inWindow = false;
            window.finished();
        }
    }

    void release(ScsiTask task) {
        if (task.state == ScsiTask.State.FREE) {
            return;
        }
        giveBack(task);
        TaskManagement waiter = task.waiter;
        task.reset();
        freeSlots[freeCount++] = task.slot;
        if (waiter != null) {
            // Not under our lock: the answer goes out on the connection that asked.
            connection.loop().execute(waiter::release);
        }
    }

    void giveBack(ScsiTask task) {
        BufferPool.Buffer buffer = task.buffer;
        task.buffer = null;
        if (buffer != null) {
            pool.giveBack(buffer);
        }
    }

    /**
     * Aborts what matches; {@code management} is released when the last of them is gone.
     *
     * @param collecting runs for a task that still collects data
     * @return whether anything matched
     */
    boolean abort(Predicate<ScsiTask> which, TaskManagement management, Runnable collecting) {
        boolean any = false;
        for (ScsiTask task : tasks) {
            if (task == null || task.aborted || !live(task) || !which.test(task)) {
                continue;
            }
            any = true;
            task.aborted = true;
            // SBC-3 4.11: no task management function ends a sanitize, so none waits for its end.
            if (!(task.plan instanceof Plan.SanitizeAll)) {
                task.waiter = management;
                management.add();
            }
            if (task.state == ScsiTask.State.COLLECTING) {
                collecting.run();
            }
        }
        return any;
    }

    /** Lets go of aborted tasks that still collected data, unless somebody needs them yet. */
    void sweep(boolean everything, Predicate<ScsiTask> needed) {
        for (ScsiTask task : tasks) {
            if (task == null || task.state != ScsiTask.State.COLLECTING) {
                continue;
            }
            boolean awaitsTurn = task.counted && !task.inWindow;
            if (everything || (task.aborted && !awaitsTurn && !needed.test(task))) {
                leaveWindow(task);
                release(task);
            }
        }
    }
}
