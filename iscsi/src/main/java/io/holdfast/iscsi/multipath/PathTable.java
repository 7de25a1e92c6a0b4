package io.holdfast.iscsi.multipath;

import io.holdfast.base.Invariant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which path a request takes. Single owner, mutable, pure: the driver tells what happened.
 *
 * <pre>
 * event            effect
 * failed(path)     the path gets nothing more; if its group has no other, the next group that has
 *                  one becomes active
 * restored(path)   the path is used again; with failback immediate, or if no group was active, the
 *                  first group that has a path becomes active
 * none is active   the driver fails, or keeps, requests as no_path_retry says
 * </pre>
 *
 * Groups: multibus has one of all paths; failover has one for each path, in the order given.
 */
public final class PathTable {
    private final MapSettings settings;
    private final boolean[] usable;
    private final long[] bytesOnTheWay;
    private final long[] requests;
    private int activeGroup;

    /** All paths begin failed. */
    public PathTable(MapSettings settings, int paths) {
        Invariant.check(paths > 0, "a multipath disk without paths");
        this.settings = settings;
        this.usable = new boolean[paths];
        this.bytesOnTheWay = new long[paths];
        this.requests = new long[paths];
    }

    public int paths() {
        return usable.length;
    }

    public boolean isUsable(int path) {
        return usable[path];
    }

    /** The groups, each a list of paths. */
    public List<List<Integer>> groups() {
        List<Integer> all = IntStream.range(0, usable.length).boxed().toList();
        return settings.grouping() == MapSettings.Grouping.MULTIBUS
                ? List.of(all)
                : all.stream().map(List::of).toList();
    }

    public int activeGroup() {
        return activeGroup;
    }

    /** The path for the next request; none when every path has failed. */
    public OptionalInt choose() {
        int best = -1;
        for (int path : groups().get(activeGroup)) {
            if (usable[path] && (best < 0 || load(path) < load(best))) {
                best = path;
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    private long load(int path) {
        return settings.selector() == MapSettings.Selector.ROUND_ROBIN
                ? requests[path]
                : bytesOnTheWay[path];
    }

    /** A request went out by this path; an empty one still takes time. */
    public void started(int path, int bytes) {
        bytesOnTheWay[path] += Math.max(512, bytes);
        requests[path]++;
    }

    public void ended(int path, int bytes) {
        bytesOnTheWay[path] -= Math.max(512, bytes);
        Invariant.check(bytesOnTheWay[path] >= 0, "path %d ended more than began", path);
    }

    public void failed(int path) {
        usable[path] = false;
        if (!works(activeGroup)) {
            activate();
        }
    }

    public void restored(int path) {
        usable[path] = true;
        // It must not get everything at once because it did less while it was away.
        requests[path] = Arrays.stream(requests).max().orElse(0);
        if (settings.failbackImmediate() || !works(activeGroup)) {
            activate();
        }
    }

    private boolean works(int group) {
        return groups().get(group).stream().anyMatch(path -> usable[path]);
    }

    private void activate() {
        for (int group = 0; group < groups().size(); group++) {
            if (works(group)) {
                activeGroup = group;
                return;
            }
        }
    }
}
