package io.holdfast.scheduler.model;

/** The names of tasks, as agents, histories and transition graphs write them. */
public final class Tasks {
    public static final String START = "start";
    public static final String RUNNING = "running";
    public static final String STOP = "stop";
    public static final String STOPPED = "stopped";
    public static final String PROMOTE = "promote";
    public static final String PROMOTED = "promoted";
    public static final String DEMOTE = "demote";
    public static final String DEMOTED = "demoted";
    public static final String MONITOR = "monitor";
    public static final String NOTIFY = "notify";
    public static final String NOTIFIED = "notified";
    public static final String MIGRATE_TO = "migrate_to";
    public static final String MIGRATE_FROM = "migrate_from";
    public static final String RELOAD_AGENT = "reload-agent";
    public static final String CANCEL = "cancel";
    public static final String DELETE = "delete";
    public static final String LRM_DELETE = "lrm_delete";
    public static final String CLEAR_FAILCOUNT = "clear_failcount";
    public static final String FENCE = "stonith";
    public static final String SHUTDOWN = "do_shutdown";
    public static final String MAINTENANCE_NODES = "maintenance_nodes";

    private Tasks() {}

    /** The word for a task that is done on all instances: start gives running. */
    public static String completed(String task) {
        return switch (task) {
            case START -> RUNNING;
            case STOP -> STOPPED;
            case PROMOTE -> PROMOTED;
            case DEMOTE -> DEMOTED;
            case NOTIFY -> NOTIFIED;
            default -> task;
        };
    }

    /** The task that a completion word is about: running gives start. */
    public static String beginning(String task) {
        return switch (task) {
            case RUNNING -> START;
            case STOPPED -> STOP;
            case PROMOTED -> PROMOTE;
            case DEMOTED -> DEMOTE;
            default -> task;
        };
    }
}
