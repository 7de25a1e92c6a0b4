package io.holdfast.iscsi.multipath;

/**
 * How a multipath disk uses its paths, in the words of multipath.conf(5).
 *
 * @param noPathRetry {@link #FAIL}, {@link #QUEUE}, or how many checks to wait for a path
 * @param pollingMillis how often failed paths are tried
 */
public record MapSettings(
        Grouping grouping,
        Selector selector,
        boolean failbackImmediate,
        int noPathRetry,
        int pollingMillis) {
    public static final int FAIL = 0;
    public static final int QUEUE = -1;

    /** multipath.conf's path_grouping_policy. */
    public enum Grouping {
        /** All paths at once. */
        MULTIBUS,

        /** One at a time, the first that works. */
        FAILOVER
    }

    /** multipath.conf's path_selector, within a group. */
    public enum Selector {
        /** Where the least is on its way. */
        SERVICE_TIME("service-time 0"),
        ROUND_ROBIN("round-robin 0");

        private final String text;

        Selector(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** As multipath-tools has it without a configuration. */
    public static MapSettings defaults() {
        return new MapSettings(Grouping.FAILOVER, Selector.SERVICE_TIME, false, FAIL, 5_000);
    }

    public MapSettings withGrouping(Grouping newGrouping) {
        return new MapSettings(
                newGrouping, selector, failbackImmediate, noPathRetry, pollingMillis);
    }

    public MapSettings withSelector(Selector newSelector) {
        return new MapSettings(
                grouping, newSelector, failbackImmediate, noPathRetry, pollingMillis);
    }

    public MapSettings withFailback(boolean immediate) {
        return new MapSettings(grouping, selector, immediate, noPathRetry, pollingMillis);
    }

    public MapSettings withNoPathRetry(int retries) {
        return new MapSettings(grouping, selector, failbackImmediate, retries, pollingMillis);
    }

    public MapSettings withPolling(int millis) {
        return new MapSettings(grouping, selector, failbackImmediate, noPathRetry, millis);
    }
}
