package io.holdfast.executor;

import java.util.Arrays;
import java.util.Optional;

/** What an agent can be asked to do, with the OCF's words. */
public enum Task {
    START("start", true),
    STOP("stop", true),
    PROMOTE("promote", true),
    DEMOTE("demote", true),
    MONITOR("monitor", false),
    NOTIFY("notify", false),
    MIGRATE_TO("migrate_to", true),
    MIGRATE_FROM("migrate_from", true),
    RELOAD("reload", true),
    RELOAD_AGENT("reload-agent", true),
    VALIDATE_ALL("validate-all", false),
    META_DATA("meta-data", false);

    private final String ocfName;
    private final boolean changesState;

    Task(String ocfName, boolean changesState) {
        this.ocfName = ocfName;
        this.changesState = changesState;
    }

    /** The word in a CIB and on an agent's command line. */
    public String ocfName() {
        return ocfName;
    }

    /** Whether monitors of the state before are void once it begins. */
    public boolean changesState() {
        return changesState;
    }

    public static Optional<Task> named(String ocfName) {
        return Arrays.stream(values()).filter(task -> task.ocfName.equals(ocfName)).findFirst();
    }
}
