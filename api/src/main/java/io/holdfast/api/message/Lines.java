package io.holdfast.api.message;

import java.util.List;

/** Text for a person, line by line. */
public record Lines(List<String> lines) implements Answer {
    public Lines {
        lines = List.copyOf(lines);
    }
}
