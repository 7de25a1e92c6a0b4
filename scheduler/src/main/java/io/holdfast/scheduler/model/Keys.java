package io.holdfast.scheduler.model;

/** The keys by which operations are known: resource, task and interval, joined by underscores. */
public final class Keys {
    private Keys() {}

    public static String operation(String resource, String task, long intervalMillis) {
        return resource + "_" + task + "_" + intervalMillis;
    }

    public static String notification(String resource, String type, String task) {
        return resource + "_" + type + "_notify_" + task + "_0";
    }

    /** The task of a key, the interval cut off its end. */
    public static String task(String key) {
        int end = key.lastIndexOf('_');
        if (end <= 0) {
            return "";
        }
        int notification = key.indexOf("_notify_");
        if (notification > 0) {
            int begin = key.lastIndexOf('_', notification - 1);
            return key.substring(begin + 1, end);
        }
        String front = key.substring(0, end);
        if (front.endsWith("_migrate_to")) {
            return Tasks.MIGRATE_TO;
        }
        if (front.endsWith("_migrate_from")) {
            return Tasks.MIGRATE_FROM;
        }
        return front.substring(front.lastIndexOf('_') + 1);
    }

    public static String resource(String key) {
        String task = task(key);
        int end = key.lastIndexOf('_');
        return key.substring(0, Math.max(0, end - task.length() - 1));
    }

    public static long interval(String key) {
        return Values.number(key.substring(key.lastIndexOf('_') + 1), 0);
    }

    /** The name of a clone's instance without its number. */
    public static String withoutInstance(String id) {
        int at = id.length() - 1;
        while (at > 0 && Character.isDigit(id.charAt(at))) {
            at--;
        }
        if (at > 0 && at < id.length() - 1 && id.charAt(at) == ':') {
            return id.substring(0, at);
        }
        return id;
    }
}
