package io.holdfast.scheduler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The notifications around one kind of action of a clone. */
public final class Notifications {
    /** An instance and the node the notification speaks of. */
    public record Entry(Resource resource, @Nullable Node node) {}

    public final String task;
    public @Nullable Action pre;
    public @Nullable Action preDone;
    public @Nullable Action post;
    public @Nullable Action postDone;
    public @Nullable NodeTable allowed;

    public final List<Entry> active = new ArrayList<>();
    public final List<Entry> inactive = new ArrayList<>();
    public final List<Entry> start = new ArrayList<>();
    public final List<Entry> stop = new ArrayList<>();
    public final List<Entry> demote = new ArrayList<>();
    public final List<Entry> promote = new ArrayList<>();
    public final List<Entry> promoted = new ArrayList<>();
    public final List<Entry> unpromoted = new ArrayList<>();
    public final Map<String, String> values = new LinkedHashMap<>();

    public Notifications(String task) {
        this.task = task;
    }
}
