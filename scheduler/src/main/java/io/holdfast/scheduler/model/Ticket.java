package io.holdfast.scheduler.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** The permission of a site to run something. */
public final class Ticket {
    public final String id;
    public boolean granted;
    public boolean standby;
    public long lastGranted = -1;
    public final Map<String, String> state = new LinkedHashMap<>();

    public Ticket(String id) {
        this.id = id;
    }
}
