package io.holdfast.scheduler.model;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that may have to be done, with its orderings. Flags are bits so that sets of them can
 * be compared at once.
 */
public final class Action {
    public static final int PSEUDO = 1;
    public static final int RUNNABLE = 1 << 1;
    public static final int OPTIONAL = 1 << 2;
    public static final int PRINT_ALWAYS = 1 << 3;
    public static final int MIGRATABLE = 1 << 4;
    public static final int ADDED_TO_GRAPH = 1 << 5;
    public static final int MIGRATION_ABORT = 1 << 6;

    /** Runnable once enough of what comes before is. */
    public static final int MIN_RUNNABLE = 1 << 7;

    public static final int RESCHEDULE = 1 << 8;
    public static final int DETECT_LOOP = 1 << 9;
    public static final int INPUTS_DEDUPLICATED = 1 << 10;
    public static final int ON_DC = 1 << 11;
    public static final int PARAMETERS_EVALUATED = 1 << 12;

    /** What must be true of the cluster before the action may run. */
    public enum Requires {
        NOTHING,
        QUORUM,
        FENCING
    }

    /** An action tied to another by an ordering. */
    public static final class Related {
        public final Action action;
        public int relation;
        public boolean inGraph;

        Related(Action action, int relation) {
            this.action = action;
            this.relation = relation;
        }
    }

    public final int id;
    public final @Nullable Resource resource;
    public final String key;
    public String task;
    public @Nullable String cancelTask;
    public @Nullable Node node;
    public int flags;
    public int priority;
    public @Nullable String reason;
    public Requires requires = Requires.NOTHING;
    public @Nullable Element configuration;
    public final Map<String, String> meta = new LinkedHashMap<>();

    /** Parameters of this operation alone. */
    public Map<String, String> extra = Map.of();

    /** In order of creation. */
    public final List<Related> before = new ArrayList<>(2);

    public final List<Related> after = new ArrayList<>(2);

    /** The relations to each later action, joined; so that a repeated ordering is seen at once. */
    private final Map<Action, Integer> relationsAfter = new HashMap<>(4);

    public int runnableBefore;
    public int requiredRunnableBefore;

    public Action(
            int id, @Nullable Resource resource, String key, String task, @Nullable Node node) {
        this.id = id;
        this.resource = resource;
        this.key = key;
        this.task = task;
        this.node = node;
    }

    public boolean is(int flag) {
        return (flags & flag) == flag;
    }

    public boolean isAny(int some) {
        return (flags & some) != 0;
    }

    public void set(int flag) {
        flags |= flag;
    }

    public void clear(int flag) {
        flags &= ~flag;
    }

    /** Orders this before {@code then}; false when the ordering says nothing new. */
    public boolean orderBefore(Action then, int relation) {
        if (relation == Relation.NONE || then == this) {
            return false;
        }
        Integer known = relationsAfter.get(then);
        if (known != null && (known & relation) != 0) {
            return false;
        }
        relationsAfter.put(then, known == null ? relation : known | relation);
        after.add(new Related(then, relation));
        then.before.add(new Related(this, relation));
        return true;
    }

    /** Gives the reason, unless there is one already and it is not to be replaced. */
    public void because(@Nullable String why, boolean replace) {
        if (reason == null || replace) {
            reason = why;
        }
    }

    @Override
    public String toString() {
        return key + (node == null ? "" : " on " + node.name);
    }
}
