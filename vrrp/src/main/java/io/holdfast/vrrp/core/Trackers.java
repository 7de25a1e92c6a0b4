package io.holdfast.vrrp.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that is tracked, as it was last seen, and what an instance makes of it. */
final class Trackers {
    /** A file whose weighted number is below takes the instance out, as Keepalived does. */
    private static final long LOWEST_FILE_WEIGHT = -253;

    private record Key(TrackerKind kind, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : name.compareTo(other.name);
        }
    }

    private static final class Seen {
        private boolean up;
        private int value;
        private String reason = "";
        private int inARow;
    }

    private final Map<Key, Seen> seen = new TreeMap<>();
    private final Map<String, ScriptSettings> scripts = new TreeMap<>();

    /** What stays in the configuration keeps what was seen of it. */
    void configure(RouterSettings settings) {
        scripts.clear();
        for (ScriptSettings script : settings.scripts()) {
            scripts.put(script.name(), script);
            if (script.initiallyDown()) {
                see(TrackerKind.SCRIPT, script.name(), false, 0, "it has not run yet (init_fail)");
            }
        }
        seen.keySet().removeIf(k -> k.kind == TrackerKind.SCRIPT && !scripts.containsKey(k.name));
    }

    List<TrackerData> data() {
        List<TrackerData> data = new ArrayList<>();
        seen.forEach(
                (key, s) -> data.add(new TrackerData(key.kind, key.name, s.up, s.value, s.reason)));
        return data;
    }

    boolean isUp(TrackerKind kind, String name) {
        Seen s = seen.get(new Key(kind, name));
        return s != null && s.up;
    }

    /**
     * Counts a script's successes and failures; the very first result decides at once.
     *
     * @return the event when it came up or went down
     */
    Optional<VrrpEvent> scriptEnded(String name, boolean success, String reason) {
        ScriptSettings script = scripts.get(name);
        if (script == null) {
            return Optional.empty(); // it was running when it was taken out of the configuration
        }
        Seen s = seen.get(new Key(TrackerKind.SCRIPT, name));
        boolean first = s == null || (s.inARow == 0 && !success && !s.up);
        if (first || (s != null && s.up == success)) {
            Optional<VrrpEvent> event = see(TrackerKind.SCRIPT, name, success, 0, reason);
            row(name, 0);
            return event;
        }
        int inARow = row(name, s == null ? 1 : s.inARow + 1);
        return inARow < (success ? script.rise() : script.fall())
                ? Optional.empty()
                : see(TrackerKind.SCRIPT, name, success, 0, reason);
    }

    private int row(String name, int count) {
        Seen s = seen.get(new Key(TrackerKind.SCRIPT, name));
        if (s != null) {
            s.inARow = count;
        }
        return count;
    }

    /** Notes how something is; the event when that is new. */
    Optional<VrrpEvent> see(TrackerKind kind, String name, boolean up, int value, String reason) {
        Key key = new Key(kind, name);
        Seen s = seen.get(key);
        boolean isNew = s == null;
        if (s == null) {
            s = new Seen();
            seen.put(key, s);
        }
        boolean changed = isNew || s.up != up || s.value != value;
        s.up = up;
        s.value = value;
        s.reason = reason;
        if (changed) {
            s.inARow = 0;
        }
        return changed
                ? Optional.of(new VrrpEvent.TrackerChanged(kind, name, up, reason))
                : Optional.empty();
    }

    /** Gathers faults and weights, one tracked thing after the other. */
    final class Opinion {
        private final List<String> faults = new ArrayList<>();
        private boolean known = true;
        private long weight;

        void fault(String sentence) {
            faults.add(sentence);
        }

        void unknown() {
            known = false;
        }

        void ownInterface(String name) {
            judge(TrackerKind.INTERFACE, Tracked.fatal(name), false);
        }

        /**
         * @param weights whether weighted tracking counts
         */
        void all(Tracking tracking, boolean weights) {
            tracking.interfaces().forEach(t -> judge(TrackerKind.INTERFACE, t, weights));
            tracking.scripts().forEach(t -> judge(TrackerKind.SCRIPT, t, weights));
            tracking.files().forEach(t -> judgeFile(t, weights));
            tracking.processes().forEach(t -> judge(TrackerKind.PROCESS, t, weights));
        }

        Health health(String why) {
            return new Health(known, faults, Math.clamp(weight, -1_000, 1_000), why);
        }

        private void judge(TrackerKind kind, Tracked tracked, boolean weights) {
            Seen s = seen.get(new Key(kind, tracked.name()));
            if (s == null) {
                known &= tracked.weight() != 0;
                return;
            }
            boolean up = s.up != tracked.reversed();
            if (tracked.weight() == 0) {
                if (!up) {
                    faults.add(
                            kind.word()
                                    + " "
                                    + tracked.name()
                                    + (tracked.reversed() ? " is up" : " is down")
                                    + (s.reason.isEmpty() ? "" : ": " + s.reason));
                }
            } else if (weights && up == tracked.weight() > 0) {
                weight += tracked.weight();
            }
        }

        private void judgeFile(Tracked tracked, boolean weights) {
            Seen s = seen.get(new Key(TrackerKind.FILE, tracked.name()));
            if (s == null) {
                known &= tracked.weight() != 0;
                return;
            }
            long product = (long) s.value * tracked.weight() * (tracked.reversed() ? -1 : 1);
            if (tracked.weight() == 0 ? s.value != 0 : product < LOWEST_FILE_WEIGHT) {
                faults.add("file " + tracked.name() + " holds " + s.value);
            } else if (weights) {
                weight += product;
            }
        }
    }
}
