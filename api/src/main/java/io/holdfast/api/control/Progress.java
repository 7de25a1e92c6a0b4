package io.holdfast.api.control;

/** Tells the asker how far a long request is. */
@FunctionalInterface
public interface Progress {
    Progress NONE = text -> {};

    void report(String text);
}
