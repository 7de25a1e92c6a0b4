package io.holdfast.lab.check;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How one check ended.
 *
 * @param id its number in the scenario: {@code S4.5}
 * @param detail what was seen, or why it failed or was skipped
 */
public record CheckResult(String id, Outcome result, String detail) {
    /** As it is written in JSON. */
    public enum Outcome {
        @JsonProperty("pass")
        PASS,
        @JsonProperty("fail")
        FAIL,
        @JsonProperty("skipped")
        SKIPPED
    }
}
