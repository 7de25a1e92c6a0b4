package io.holdfast.vrrp.config.text;

import io.holdfast.base.Problem;

/** One thing that a reader of the configuration should know; the problem's object has the place. */
public record Finding(Severity severity, Place place, Problem problem) {
    @Override
    public String toString() {
        return severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + problem.message();
    }
}
