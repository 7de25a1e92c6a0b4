package io.holdfast.lab.story;

import com.fasterxml.jackson.annotation.JsonValue;

/** The steps of the story, in its order. */
public enum StepName {
    PLANNED_MOVE("planned-move"),
    SERVER_KILLED("server-killed"),
    SERVER_RETURNED("server-returned"),
    RING_CUT("ring-cut"),
    PARTITION("partition");

    private final String text;

    StepName(String text) {
        this.text = text;
    }

    /** As it is written in JSON and tables. */
    @JsonValue
    public String text() {
        return text;
    }
}
